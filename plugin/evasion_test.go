package plugin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
)

// mutation makes another spelling of a request.
type mutation struct {
	name string
	make func(req authorization.Request) []authorization.Request
}

// raceDetector is true in a binary that has it.
var raceDetector bool

// TestNoSpellingGetsThrough sends every attack in every spelling that some
// reader takes differently. Whatever an engine makes of it, none is allowed.
func TestNoSpellingGetsThrough(t *testing.T) {
	if raceDetector {
		t.Skip("with the race detector this takes minutes; make test runs it without")
	}
	authorizers := map[string]*Authorizer{
		"":           newAuthorizer(t, "baseline", nil),
		"restricted": newAuthorizer(t, "restricted", nil),
	}
	lines := readCorpus(t, "attacks.jsonl")
	for _, m := range slices.Concat(bodyMutations, targetMutations) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			tried := 0
			for _, line := range lines {
				req, ok := line.request(t, line.Engines[len(line.Engines)-1])
				if !ok || line.RequiresState != "" || len(req.RequestBody) > 64<<10 {
					continue // a large body with large padding tells nothing new
				}
				for _, mutated := range m.make(req) {
					tried++
					if authorizers[line.Profile].AuthZReq(mutated).Allow {
						t.Errorf("%s: allowed: %s %s %.200s %v", line.ID, mutated.RequestMethod, mutated.RequestURI, mutated.RequestBody, mutated.RequestHeaders)
					}
				}
			}
			if tried < 20 {
				t.Errorf("tried %d requests", tried)
			}
		})
	}
}

// bodyMutations change the body of a request that has one.
var bodyMutations = []mutation{
	{"keys in lower case", keys(strings.ToLower)},
	{"keys in upper case", keys(strings.ToUpper)},
	{"keys in mixed case", keys(mixedCase)},
	{"keys with a long s", keys(func(k string) string { return strings.NewReplacer("s", "ſ", "S", "ſ").Replace(k) })},
	{"keys with a Kelvin sign", keys(func(k string) string { return strings.NewReplacer("k", "\u212a", "K", "\u212a").Replace(k) })},
	{"escaped keys", keys(func(k string) string { return k })},
	{"a repeated key", repeatedKeys},
	{"a trailing bracket", bodies(func(b []byte) []byte { return append(b, ']') })},
	{"a trailing brace", bodies(func(b []byte) []byte { return append(b, '}') })},
	{"a second document", bodies(func(b []byte) []byte { return append(b, `{"HostConfig":{}}`...) })},
	{"leading space", bodies(func(b []byte) []byte { return append([]byte("\r\n\t "), b...) })},
	{"a byte order mark", bodies(func(b []byte) []byte { return append([]byte("\ufeff"), b...) })},
	{"1.1 MiB of space", bodies(func(b []byte) []byte { return append(b, bytes.Repeat([]byte(" "), 1_100_000)...) })},
	{"a withheld body", func(req authorization.Request) []authorization.Request {
		if req.RequestBody == nil {
			return nil
		}
		req.RequestBody = nil
		return []authorization.Request{req}
	}},
}

// targetMutations change the request target or the headers.
var targetMutations = []mutation{
	{"an encoded path", encodedPath},
	{"the absolute form", targets(func(u string) string { return "http://localhost" + u })},
	{"another scheme", targets(func(u string) string { return "x:" + u })},
	{"a scheme with an authority", targets(func(u string) string { return "unix://a:b@c" + u })},
	{"version 1.41.0", targets(func(u string) string { return "/v1.41.0" + u })},
	{"version 01.041", targets(func(u string) string { return "/v01.041" + u })},
	{"version 1.41.", targets(func(u string) string { return "/v1.41." + u })},
	{"an encoded version", targets(func(u string) string { return "/%76%31.41" + u })},
	{"a fragment", targets(func(u string) string { return u + "#" })},
	{"a hidden fragment", targets(func(u string) string { return u + "?#%zz" })},
	{"a double slash", targets(func(u string) string { return "/" + u })},
	{"a dot segment", targets(func(u string) string { return "/." + u })},
	{"a repeated parameter", parameters(func(p string) string { return p + "&" + p })},
	{"an encoded parameter name", parameters(encodeName)},
	{"an empty query first", parameters(func(p string) string { return "&" + p })},
	{"a form that may be there", headers("Content-Type", "application/x-www-form-urlencoded")},
	{"a form behind a JSON type", headers("Content-Type", "application/json")},
	{"a multipart form", headers("Content-Type", "multipart/form-data; boundary=B")},
}

func bodies(change func([]byte) []byte) func(authorization.Request) []authorization.Request {
	return func(req authorization.Request) []authorization.Request {
		if len(req.RequestBody) == 0 {
			return nil
		}
		req.RequestBody = change(bytes.Clone(req.RequestBody))
		return []authorization.Request{req}
	}
}

// keys respells every key of the body; a name that the change leaves as it is
// is written with escapes.
func keys(change func(string) string) func(authorization.Request) []authorization.Request {
	return bodies(func(body []byte) []byte {
		return eachKey(body, func(key string) []byte {
			text, _ := json.Marshal(change(key))
			if change(key) == key {
				text = escaped(key)
			}
			return text
		})
	})
}

func escaped(key string) []byte {
	var b bytes.Buffer
	b.WriteByte('"')
	for _, r := range key {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	b.WriteByte('"')
	return b.Bytes()
}

// eachKey rewrites the keys of a JSON text: the strings before a colon.
func eachKey(body []byte, rewrite func(key string) []byte) []byte {
	var out bytes.Buffer
	for i := 0; i < len(body); {
		if body[i] != '"' {
			out.WriteByte(body[i])
			i++
			continue
		}
		end := i + 1
		for end < len(body) && body[end] != '"' {
			if body[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end+1, len(body))
		text := body[i:end]
		var key string
		if bytes.HasPrefix(bytes.TrimLeft(body[end:], " \t\r\n"), []byte(":")) && json.Unmarshal(text, &key) == nil {
			text = rewrite(key)
		}
		out.Write(text)
		i = end
	}
	return out.Bytes()
}

func mixedCase(key string) string {
	b := []byte(key)
	for i := range b {
		if i%2 == 0 {
			b[i] = bytes.ToLower(b[i : i+1])[0]
		} else {
			b[i] = bytes.ToUpper(b[i : i+1])[0]
		}
	}
	return string(b)
}

// repeatedKeys repeats each key of the outermost object, before and after, with
// values that reset, empty or half-fill what the other sets.
func repeatedKeys(req authorization.Request) []authorization.Request {
	var object map[string]json.RawMessage
	if json.Unmarshal(req.RequestBody, &object) != nil {
		return nil
	}
	text := bytes.TrimSpace(req.RequestBody)
	var out []authorization.Request
	for key := range object {
		name, _ := json.Marshal(key)
		for _, value := range []string{"null", "{}", "[]", "[null]", "[{}]", `""`, "0", "false"} {
			repeat := string(name) + ":" + value
			for _, body := range []string{
				"{" + repeat + "," + string(text[1:]),
				string(text[:len(text)-1]) + "," + repeat + "}",
			} {
				req.RequestBody = []byte(body)
				out = append(out, req)
			}
		}
	}
	return out
}

// encodedPath encodes one byte of the path at a time, and all of them.
func encodedPath(req authorization.Request) []authorization.Request {
	path, query, found := strings.Cut(req.RequestURI, "?")
	if found {
		query = "?" + query
	}
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "%") {
		return nil
	}
	all := "/"
	var out []authorization.Request
	for i := 1; i < len(path); i++ {
		encoded := fmt.Sprintf("%%%02x", path[i])
		all += encoded
		req.RequestURI = path[:i] + encoded + path[i+1:] + query
		out = append(out, req)
	}
	req.RequestURI = all + query
	return append(out, req)
}

func targets(change func(string) string) func(authorization.Request) []authorization.Request {
	return func(req authorization.Request) []authorization.Request {
		if !strings.HasPrefix(req.RequestURI, "/") {
			return nil
		}
		req.RequestURI = change(req.RequestURI)
		return []authorization.Request{req}
	}
}

func parameters(change func(string) string) func(authorization.Request) []authorization.Request {
	return func(req authorization.Request) []authorization.Request {
		path, query, found := strings.Cut(req.RequestURI, "?")
		if !found {
			return nil
		}
		req.RequestURI = path + "?" + change(query)
		return []authorization.Request{req}
	}
}

func encodeName(query string) string {
	name, value, _ := strings.Cut(query, "=")
	if name == "" || strings.Contains(name, "%") {
		return query
	}
	return fmt.Sprintf("%%%02x%s=%s", name[0], name[1:], value)
}

func headers(name, value string) func(authorization.Request) []authorization.Request {
	return func(req authorization.Request) []authorization.Request {
		req.RequestHeaders = maps.Clone(req.RequestHeaders)
		req.RequestHeaders[name] = value
		return []authorization.Request{req}
	}
}
