// Package input turns what dockerd sends an authorization plugin into the
// document that rules read. It is pure: no I/O, no clock, no settings.
package input

// Document describes one Engine API request. Rules read it as `input`;
// policies/schemas/input.json is its schema and a test compares the two.
type Document struct {
	// Operation is the operationId of the Engine API (ContainerCreate), or
	// "" when no engine has such a route.
	Operation string `json:"operation"`
	Kind      Kind   `json:"kind"`
	Risk      Risk   `json:"risk"`
	// Starting is true for the operations that bring a container to life that
	// the engine holds: what was created then is judged by the rules of now.
	Starting bool `json:"starting"`

	Method string `json:"method"`
	// Path is percent-decoded, without the version prefix and the query.
	Path string `json:"path"`
	// APIVersion is "1.41" for /v1.41/..., and "" for a path without a
	// version, which the engine reads as its newest.
	APIVersion string `json:"api_version"`
	// APIMinor is the 41 of 1.41, null without a version.
	APIMinor *int                `json:"api_minor"`
	Query    map[string][]string `json:"query"`
	// Object is the name or id in the path: the container to start, the
	// image to tag, the plugin to disable.
	Object string `json:"object"`
	User   User   `json:"user"`
	// Headers are for policies written for opa-docker-authz. Clients write
	// them as they like, so that rules do not see them, nor does the log.
	Headers map[string]string `json:"-"`

	// Container is the workload of every request that starts or changes one.
	Container *Container `json:"container"`
	// Images lists every image the request names, each with its use.
	Images []Image `json:"images"`
	// Volumes lists every volume the request describes or creates.
	Volumes []Volume `json:"volumes"`
	// Endpoints lists every network the request attaches a container to.
	Endpoints []Endpoint `json:"endpoints"`

	Exec     *Exec     `json:"exec"`
	Network  *Network  `json:"network"`
	Build    *Build    `json:"build"`
	Swarm    *Swarm    `json:"swarm"`
	Service  *Service  `json:"service"`
	Node     *Node     `json:"node"`
	Plugin   *Plugin   `json:"plugin"`
	Archive  *Archive  `json:"archive"`
	Registry *Registry `json:"registry"`
	// Sensitive is a secret or a config, never with its data.
	Sensitive *Sensitive `json:"sensitive"`

	Facts Facts `json:"facts"`

	// Body is the decoded body under the Engine API's own names, and a name
	// that no body of a rule's operations has does not compile. What the
	// client left out may be missing. Env values, credentials and secret data
	// are not in it.
	Body any `json:"body"`
	// Anomalies are what was odd about the request itself. Any of them makes
	// it uncertain what the engine would do.
	Anomalies []Anomaly `json:"anomalies"`

	// size is the length of what the engine sent.
	size int
}

// Size is about how many bytes of the request the document keeps in memory.
func (d Document) Size() int {
	size := d.size
	if d.Container != nil { // one that the engine holds comes without a request
		for name, value := range d.Container.Labels {
			size += len(name) + len(value)
		}
	}
	return size
}

// Kind is what an operation does.
type Kind string

const (
	KindRead   Kind = "read"
	KindMutate Kind = "mutate"
	KindStream Kind = "stream"
	KindBuild  Kind = "build"
	KindSwarm  Kind = "swarm"
	KindPlugin Kind = "plugin"
	KindSystem Kind = "system"
)

// Risk is what an operation can do to the host when nobody looks at it.
type Risk string

const (
	RiskLow      Risk = "low"
	RiskMedium   Risk = "medium"
	RiskHigh     Risk = "high"
	RiskCritical Risk = "critical"
)

// User is the client as the engine authenticated it: the common name of its
// TLS certificate, empty on a unix socket. It never comes from a header.
type User struct {
	Name   string `json:"name"`
	Method string `json:"method"`
}

// Anomaly is one oddity of the request. Code is stable, Detail is for people.
type Anomaly struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Text is a value with the place in the request it came from.
type Text struct {
	Value string `json:"value"`
	Field string `json:"field"`
}

// Flag is a switch with the place in the request it came from.
type Flag struct {
	Value bool   `json:"value"`
	Field string `json:"field"`
}

// Option is a named value with the place in the request it came from.
type Option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Field string `json:"field"`
}
