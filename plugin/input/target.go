package input

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Codes of the anomalies that a request target can have.
const (
	AnomalyTarget  = "bad_target"
	AnomalyPath    = "unclean_path"
	AnomalyVersion = "bad_version"
	AnomalyQuery   = "bad_query"
	AnomalyRepeat  = "repeated_parameter"
)

// target is a request target read as net/http and the daemon's router read it.
type target struct {
	path      string
	query     map[string][]string
	version   string
	minor     *int
	anomalies []Anomaly
}

// versionPrefix is the daemon's own matcher (moby daemon/server/server.go).
var versionPrefix = regexp.MustCompile(`^/v([0-9.]+)(/.*)$`)

// plainVersion is the only spelling clients use; dockerd also takes 1.41.0,
// 01.041 and 1.41. and compares them as numbers.
var plainVersion = regexp.MustCompile(`^1\.([1-9][0-9]{0,2})$`)

// listParameters may be given more than once: the daemon reads all of them.
var listParameters = []string{"names", "changes", "t", "extrahosts", "platform", "platforms", "securityopt", "type"}

// parseTarget reads a request target. url.ParseRequestURI is what net/http
// itself calls on it, so scheme, authority, escapes and "#" mean the same.
func parseTarget(uri string) target {
	t := target{query: map[string][]string{}}
	u, err := url.ParseRequestURI(uri)
	if err != nil {
		t.odd(AnomalyTarget, "", "the request target cannot be read: "+reason(err))
		return t
	}
	if strings.Contains(uri, "#") {
		t.odd(AnomalyTarget, "", `the request target has a "#", which the engine and other readers take differently`)
	}
	t.readPath(u.Path)
	t.readQuery(u.RawQuery)
	return t
}

func (t *target) odd(code, field, detail string) {
	t.anomalies = append(t.anomalies, Anomaly{Code: code, Field: field, Detail: detail})
}

func (t *target) readPath(p string) {
	if !utf8.ValidString(p) || strings.ContainsFunc(p, unicode.IsControl) {
		t.odd(AnomalyPath, "", "the path has control characters or is not UTF-8")
	}
	if p != cleanPath(p) {
		t.odd(AnomalyPath, "", `the path has "//", "/./" or "/../", which the engine answers with a redirect`)
	}
	t.path = p
	if m := versionPrefix.FindStringSubmatch(p); m != nil {
		t.version, t.path = m[1], m[2]
		t.readVersion()
	}
}

func (t *target) readVersion() {
	m := plainVersion.FindStringSubmatch(t.version)
	if m == nil {
		t.odd(AnomalyVersion, "", fmt.Sprintf("the API version %q is not spelt like 1.41", clip(t.version)))
		return
	}
	minor, _ := strconv.Atoi(m[1]) // three digits always fit
	t.minor = &minor
}

func (t *target) readQuery(raw string) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		t.odd(AnomalyQuery, "", "the query cannot be read: "+reason(err))
	}
	t.query = values
	for _, name := range sortedKeys(values) {
		if len(values[name]) > 1 && !slices.Contains(listParameters, name) && !isBodyKey(name) {
			t.odd(AnomalyRepeat, name, fmt.Sprintf("the parameter %q is given more than once", clip(name)))
		}
	}
}

// isBodyKey reports whether a parameter is a key of the body that a client put
// into the query as well, as dockerode does. The daemon reads no parameter
// that starts in upper case, and tells upper from lower case in them.
func isBodyKey(name string) bool { return name != "" && 'A' <= name[0] && name[0] <= 'Z' }

// cleanPath is the path that the daemon's router (gorilla/mux, cleanPath)
// would redirect to.
func cleanPath(p string) string {
	if p == "" {
		return "/"
	}
	if p[0] != '/' {
		p = "/" + p
	}
	clean := path.Clean(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// parameter returns the value the daemon would use: the first.
func (d *Document) parameter(name string) Text {
	if values := d.Query[name]; len(values) > 0 && values[0] != "" {
		return Text{Value: values[0], Field: name}
	}
	return Text{Field: name}
}

// truth reads a parameter as the daemon does (moby
// daemon/server/httputils/form.go, BoolValue).
func (d *Document) truth(name string) bool {
	v := strings.ToLower(strings.TrimSpace(d.parameter(name).Value))
	return !slices.Contains([]string{"", "0", "no", "false", "none"}, v)
}

// reason is an error without the request's text in front of it.
func reason(err error) string {
	if i := strings.LastIndex(err.Error(), ": "); i >= 0 {
		return clip(err.Error()[i+2:])
	}
	return clip(err.Error())
}

// clip keeps what is quoted back to the user short.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

func sortedKeys[M ~map[K]V, K ~string, V any](m M) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}
