package plugin

import (
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

const (
	busyboxImage = `{"Id":"sha256:1","RepoTags":["busybox:latest"],"Config":{"User":"1000"}}`
	ordinary     = `"Image":"sha256:1","Config":{"Image":"busybox","User":"1000"}`
	rootVolume   = `{"Name":"rootfs","Driver":"local","Options":{"type":"none","o":"bind","device":"/"}}`
)

// TestContainersAreJudgedByWhatTheyHold asks about containers that were made
// before there were rules.
func TestContainersAreJudgedByWhatTheyHold(t *testing.T) {
	holds := func(host, mounts string) map[string]string {
		return map[string]string{"/images/sha256:1/json": busyboxImage, "/volumes/rootfs": rootVolume,
			"/containers/old/json": `{"Id":"11","Name":"/old",` + ordinary + `,"HostConfig":{"NetworkMode":"none"` + host + `},"Mounts":[` + mounts + `]}`}
	}
	fromVolumes := holds(`,"VolumesFrom":["gone"]`, `{"Type":"bind","Source":"/","Destination":"/host","RW":true}`)
	namedAgain := holds(`,"VolumesFrom":["gone"]`, `{"Type":"bind","Source":"/","Destination":"/host","RW":true}`)
	namedAgain["/containers/gone/json"] = `{"Id":"22","Name":"/gone",` + ordinary + `,"HostConfig":{"NetworkMode":"none"}}`
	asVolume := holds(`,"Binds":["rootfs:/host"]`, `{"Type":"volume","Name":"rootfs","Driver":"local","Destination":"/host","RW":true}`)
	bound := holds(`,"Binds":["/:/host"]`, `{"Type":"bind","Source":"/","Destination":"/host","RW":true}`)
	device := holds(`,"Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/sda","CgroupPermissions":"r"}]`, "")
	for name, test := range map[string]struct {
		objects           map[string]string
		method, uri, body string
		denied            string // rule, "" for none
	}{
		"started with the mounts of one that is gone":         {fromVolumes, "POST", "/containers/old/start", "", "host_binds"},
		"started with the mounts of one that had its name":    {namedAgain, "POST", "/containers/old/start", "", "host_binds"},
		"entered with / as a volume":                          {asVolume, "POST", "/containers/old/exec", `{"User":"1000","Cmd":["sh"]}`, "powerful_container"},
		"copied from with / as a volume":                      {asVolume, "GET", "/containers/old/archive?path=/host/etc/shadow", "", "powerful_container"},
		"copied to with / of the host":                        {bound, "PUT", "/containers/old/archive?path=/host/etc", "", "powerful_container"},
		"renamed with / of the host":                          {bound, "POST", "/containers/old/rename?name=new", "", "powerful_container"},
		"entered with a device of the host":                   {device, "POST", "/containers/old/exec", `{"User":"1000","Cmd":["sh"]}`, "powerful_container"},
		"entered with nothing of the host":                    {holds("", ""), "POST", "/containers/old/exec", `{"User":"1000","Cmd":["sh"]}`, ""},
		"renamed with nothing of the host":                    {holds("", ""), "POST", "/containers/old/rename?name=new", "", ""},
		"started with nothing of the host":                    {holds("", ""), "POST", "/containers/old/start", "", ""},
		"entered, when it is not there":                       {map[string]string{}, "POST", "/containers/old/exec", `{"User":"1000","Cmd":["sh"]}`, ""},
		"entered by the beginning of an id that several have": {map[string]string{"/containers/1/json": "400"}, "POST", "/containers/1/exec", `{"Cmd":["sh"]}`, "failed_lookup"},
	} {
		t.Run(name, func(t *testing.T) {
			got := askWith(t, test.objects, authorization.Request{RequestMethod: test.method, RequestURI: "/v1.41" + test.uri, RequestBody: []byte(test.body)})
			switch {
			case got.Err != "" || got.Allow != (test.denied == ""):
				t.Errorf("%+v", got)
			case test.denied != "" && !strings.Contains("\n"+got.Msg, "\n"+test.denied+": "):
				t.Errorf("denied by another rule than %s: %s", test.denied, got.Msg)
			}
		})
	}
}

// askWith asks an Authorizer that looks things up in an engine with these
// objects, by their paths; archives may be written to.
func askWith(t *testing.T, objects map[string]string, req authorization.Request) authorization.Response {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "engine.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch object, found := objects[r.URL.Path]; {
		case object == "400":
			w.WriteHeader(http.StatusBadRequest)
		case found:
			_, _ = w.Write([]byte(object))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})}}
	server.Start()
	t.Cleanup(server.Close)
	engine, err := policy.New(policy.Settings{Rules: map[string]policies.Override{"archive_write": {Params: map[string]any{"allowed": true}}}})
	if err != nil {
		t.Fatal(err)
	}
	a := New(newTestLog(t).Log, facts.NewGatherer(facts.NewEngine("", socket), facts.Host{Root: t.TempDir()}))
	a.Use(engine)
	if len(req.RequestBody) == 0 {
		req.RequestBody = nil
	}
	return a.AuthZReq(req)
}
