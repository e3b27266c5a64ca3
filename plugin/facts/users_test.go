package facts

import (
	"archive/tar"
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const passwd = "root:x:0:0::/:\nevil:x:0:0::/:\napp:x:1000:1000::/:\napp:x:0:0::/:\nodd:x:none:0::/:\nminus:x:-1:0::/:\nwraps:x:4294967296:0::/:\n"

// archiveOf is what the engine answers for a file: a tar with this header.
func archiveOf(t *testing.T, header tar.Header, content string) string {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	header.Size = int64(len(content))
	if err := w.WriteHeader(&header); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func stateOf(mode fs.FileMode) string {
	return "HEAD " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"name":"x","mode":%d}`, mode))
}

// runningAsApp is a fake engine with one container that runs as app.
func runningAsApp(t *testing.T, more string) map[string]string {
	t.Helper()
	return map[string]string{
		"/containers/web/json":                               `{"Id":"c1","Config":{"Image":"a","User":"app"},"HostConfig":{` + more + `}}`,
		"HEAD /containers/c1/archive?path=%2Fetc":            stateOf(fs.ModeDir | 0o755),
		"GET /containers/c1/archive?path=%2Fetc%2Fpasswd":    archiveOf(t, tar.Header{Name: "passwd", Mode: 0o644}, passwd),
		"HEAD /containers/c1/archive?path=%2Fdata":           stateOf(fs.ModeDir | 0o755),
		"HEAD /containers/c1/archive?path=%2Flinked":         stateOf(fs.ModeSymlink | 0o777),
		"HEAD /containers/c1/archive?path=%2Fbroken":         "HEAD x",
		"HEAD /containers/c1/archive?path=%2Ffails":          "500",
		"HEAD /containers/c1/archive?path=%2Flinked%2Fbelow": stateOf(fs.ModeDir | 0o755),
	}
}

func TestUserByName(t *testing.T) {
	uid := func(n int64) input.UserFact { return input.UserFact{State: input.Found, UID: &n} }
	g, _ := serve(t, runningAsApp(t, ""))
	for name, want := range map[string]input.UserFact{
		"app": uid(1000), "evil": uid(0), "odd": uid(0), "minus": uid(-1),
		"nobody": {State: input.Missing, Reason: "/etc/passwd has no such user"},
		"wraps":  {State: input.Unknown, Reason: "/etc/passwd has the uid 4294967296, which is too large for one"},
	} {
		doc := gather(g, "POST", "/containers/web/exec", `{"User":"`+name+`:1000","Cmd":["id"]}`)
		if diff := cmp.Diff(map[string]input.UserFact{name: want}, doc.Facts.Users); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, uri := range []string{"/containers/web/start", "/containers/web/restart", "/containers/web/unpause", "/containers/web/exec"} {
		body := ""
		if uri == "/containers/web/exec" {
			body = `{"Cmd":["id"]}`
		}
		doc := gather(g, "POST", uri, body)
		if diff := cmp.Diff(map[string]input.UserFact{"app": uid(1000)}, doc.Facts.Users); diff != "" {
			t.Errorf("%s: %s", uri, diff)
		}
	}
	for _, body := range []string{`{"User":"1000","Cmd":["id"]}`, `{"User":"root","Cmd":["id"]}`} {
		if doc := gather(g, "POST", "/containers/web/exec", body); len(doc.Facts.Users) > 0 {
			t.Errorf("%s: %v", body, doc.Facts.Users)
		}
	}
}

// TestUserThatCannotBeTold has every reason for which the file that is seen may not be the one that counts.
func TestUserThatCannotBeTold(t *testing.T) {
	file := "GET /containers/c1/archive?path=%2Fetc%2Fpasswd"
	for name, tc := range map[string]struct {
		host   string
		change map[string]string
		reason string
	}{
		"a mount on /etc":       {host: `"Tmpfs":{"/etc/":""}`, reason: "the mount at /etc covers /etc/passwd"},
		"a mount on the file":   {host: `"Mounts":[{"Type":"tmpfs","Target":"/etc/../etc/passwd"}]`, reason: "the mount at /etc/passwd covers /etc/passwd"},
		"a mount on all":        {host: `"Tmpfs":{"/":""}`, reason: "the mount at / covers /etc/passwd"},
		"a mount over a link":   {host: `"Tmpfs":{"/linked/below":""}`, reason: "/linked of the container is a link"},
		"a broken state":        {host: `"Tmpfs":{"/broken":""}`, reason: "reading what is at /broken of the container: illegal base64 data at input byte 0"},
		"no state":              {host: `"Tmpfs":{"/fails":""}`, reason: "asking the engine: it answers 500 Internal Server Error"},
		"/etc is a link":        {change: map[string]string{"HEAD /containers/c1/archive?path=%2Fetc": stateOf(fs.ModeSymlink)}, reason: "/etc of the container is a link"},
		"no file":               {change: map[string]string{file: ""}, reason: "reading /etc/passwd: EOF"},
		"a link":                {change: map[string]string{file: archiveOf(t, tar.Header{Name: "passwd", Typeflag: tar.TypeSymlink, Linkname: "/x"}, "")}, reason: "/etc/passwd is not a plain file"},
		"another file":          {change: map[string]string{file: archiveOf(t, tar.Header{Name: "shadow", Mode: 0o644}, passwd)}, reason: "/etc/passwd is not a plain file"},
		"others may write":      {change: map[string]string{file: archiveOf(t, tar.Header{Name: "passwd", Mode: 0o646}, passwd)}, reason: "others than root may write to /etc/passwd"},
		"its group may write":   {change: map[string]string{file: archiveOf(t, tar.Header{Name: "passwd", Mode: 0o664}, passwd)}, reason: "others than root may write to /etc/passwd"},
		"another one's file":    {change: map[string]string{file: archiveOf(t, tar.Header{Name: "passwd", Mode: 0o644, Uid: 1}, passwd)}, reason: "others than root may write to /etc/passwd"},
		"cut short":             {change: map[string]string{file: archiveOf(t, tar.Header{Name: "passwd", Mode: 0o644}, passwd)[:520]}, reason: "reading /etc/passwd: unexpected EOF"},
		"the engine has none":   {change: map[string]string{file: "400"}, reason: "there is no /etc/passwd"},
		"the engine has failed": {change: map[string]string{file: "500"}, reason: "asking the engine: it answers 500 Internal Server Error"},
	} {
		t.Run(name, func(t *testing.T) {
			objects := runningAsApp(t, tc.host)
			for question, answer := range tc.change {
				objects[question] = answer
			}
			g, _ := serve(t, objects)
			doc := gather(g, "POST", "/containers/web/start", "")
			if diff := cmp.Diff(map[string]input.UserFact{"app": {State: input.Unknown, Reason: tc.reason}}, doc.Facts.Users); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUserBesideOtherMounts(t *testing.T) {
	g, fake := serve(t, runningAsApp(t, `"Tmpfs":{"/data":"","/etc/app":"","/new/folder":""}`))
	doc := gather(g, "POST", "/containers/web/start", "")
	if fact := doc.Facts.Users["app"]; fact.State != input.Found || *fact.UID != 1000 {
		t.Errorf("fact %+v", fact)
	}
	if !slices.Contains(fake.asked, "HEAD /containers/c1/archive?path=%2Fnew") {
		t.Errorf("asked %v", fake.asked)
	}
}

func TestUserBesideTooManyMounts(t *testing.T) {
	mounts := ""
	for i := range mostNames {
		mounts += fmt.Sprintf(`,{"Type":"tmpfs","Target":"/m%d"}`, i)
	}
	g, _ := serve(t, runningAsApp(t, `"Mounts":[`+mounts[1:]+`]`))
	doc := gather(g, "POST", "/containers/web/start", "")
	if reason := doc.Facts.Users["app"].Reason; reason != "it has too many mounts to tell whether one covers /etc/passwd" {
		t.Errorf("reason %q", reason)
	}
}
