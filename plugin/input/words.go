package input

import (
	"reflect"
	"strings"
)

// Words are the texts that a field has, by its type and key, where those are
// all: what a rule compares it with beside them is a slip of the finger.
func Words() map[string][]string {
	states := []string{string(Found), string(Missing), string(Unknown)}
	return map[string][]string{
		"Document.operation": append(Operations(), ""),
		"Document.kind": {string(KindRead), string(KindMutate), string(KindStream), string(KindBuild), string(KindSwarm),
			string(KindPlugin), string(KindSystem), ""},
		"Document.risk":   {string(RiskLow), string(RiskMedium), string(RiskHigh), string(RiskCritical), ""},
		"Document.method": {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"},
		"Anomaly.code": {AnomalyWithheld, AnomalyHiddenForm, AnomalyUnexpected, AnomalyJSON, AnomalyType, AnomalyDuplicate,
			AnomalyFolded, AnomalyUnknown, AnomalyMisplaced, AnomalyNesting, AnomalyText, AnomalySize, AnomalyTarget,
			AnomalyPath, AnomalyVersion, AnomalyQuery, AnomalyRepeat},
		"Image.use": {"run", "mount", "pull", "push", "inspect", "remove", "cache", "tag", "tag_source", "commit", "import", "load",
			"build", ""},
		"UserSpec.kind":         {"absent", "uid", "name", "odd", ""},
		"Mount.type":            {"bind", "volume", "tmpfs", "image", "npipe", "cluster", ""},
		"Mount.propagation":     append([]string{""}, propagations...),
		"Mount.submounts":       {"non_recursive", "writable", "readonly", ""},
		"Namespace.mode":        {"host", "container", "private", "shareable", "none", "default", "bridge", "network", "other", ""},
		"Seccomp.mode":          {"builtin", "unconfined", "profile", "invalid", ""},
		"NoNewPrivileges.value": {"true", "false", ""},
		"Restart.name":          {"no", "always", "on-failure", "unless-stopped", ""},
		"Port.protocol":         {"tcp", "udp", "sctp", ""},
		"ImageFact.state":       states,
		"ContainerFact.state":   states,
		"VolumeFact.state":      states,
		"NetworkFact.state":     states,
		"PathFact.state":        states,
		"PluginFact.state":      states,
		"NodeFact.state":        states,
		"UserFact.state":        states,
	}
}

// Objects are the keys of a document that are null for some operations, by
// those for which they never are. Only a body that cannot be read leaves them
// out, and it is an anomaly.
func Objects() map[string][]string {
	objects := map[string][]string{}
	for _, op := range routes {
		if op.describe == nil {
			continue
		}
		var body any
		if op.body.needed {
			for _, empty := range []string{"{}", "[]"} {
				if body == nil {
					body, _ = op.body.decode([]byte(empty))
				}
			}
		}
		doc := newDocument(Request{})
		op.describe(&doc, body)
		// A rule for ContainerStart is asked about a restart, too.
		if keys := doc.objects(); len(keys) > 0 && !doc.Starting {
			objects[op.id] = keys
		}
	}
	return objects
}

func (d Document) objects() []string {
	var keys []string
	for i, value := range reflect.ValueOf(d).Fields() {
		if value.Kind() == reflect.Pointer && !value.IsNil() && value.Elem().Kind() == reflect.Struct {
			key, _, _ := strings.Cut(i.Tag.Get("json"), ",")
			keys = append(keys, key)
		}
	}
	return keys
}

// BodyTypes are what the body of a document is, by operation; others have none.
func BodyTypes() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, op := range routes {
		for _, empty := range []string{"{}", "[]"} {
			doc := newDocument(Request{})
			if op.body.decode == nil || op.describe == nil {
				continue
			}
			if body, _ := op.body.decode([]byte(empty)); body != nil {
				op.describe(&doc, body)
			}
			if doc.Body != nil {
				types[op.id] = deref(reflect.TypeOf(doc.Body))
			}
		}
	}
	return types
}
