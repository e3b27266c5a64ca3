package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestNewClient(t *testing.T) {
	for _, address := range []string{"", "tcp://127.0.0.1:2375", "unix://relative.sock", "/var/run/docker.sock"} {
		if _, err := NewClient(address); err == nil || !strings.Contains(err.Error(), "is not unix:// and an absolute path") {
			t.Errorf("%q: got error %v", address, err)
		}
	}
	client, err := NewClient("unix:///var/run/docker.sock")
	if err != nil || client.Socket != "/var/run/docker.sock" {
		t.Errorf("got %+v, %v", client, err)
	}
}

// TestWhoDenied uses the engine's exact words; another plugin whose name begins alike is another plugin.
func TestWhoDenied(t *testing.T) {
	cases := []struct {
		message string
		words   string
		denied  bool
		failed  bool
	}{
		{"authorization denied by plugin bulwark:latest: privileged: no", "privileged: no", true, false},
		{"authorization denied by plugin bulwark: privileged: no", "privileged: no", true, false},
		{"authorization denied by plugin bulwark2: no", "", false, false},
		{"authorization denied by plugin bulwark:v1: no", "", false, false},
		{"plugin bulwark:latest failed with error: dial unix: no such file", "", false, true},
		{"cannot set on an active plugin, disable plugin before setting", "", false, false},
		{`plugin "bulwark" not found`, "", false, false},
	}
	for _, c := range cases {
		err := fmt.Errorf("asking: %w", &Error{Status: 403, Message: c.message})
		words, denied := DeniedBy(err, "bulwark")
		if failed := FailedIn(err, "bulwark"); words != c.words || denied != c.denied || failed != c.failed {
			t.Errorf("%q: got %q, denied %t, failed %t", c.message, words, denied, failed)
		}
	}
	if _, denied := DeniedBy(errors.New("authorization denied by plugin bulwark: no"), "bulwark"); denied {
		t.Error("an error that is no answer of the engine counts as a denial")
	}
}

func TestChanged(t *testing.T) {
	const config = `{
		"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}, {"name": "C"}, {"name": "GONE", "value": "x"}],
		"mounts": [{"name": "log", "source": "/var/log"}, {"name": "host", "source": "/"}]}`
	const next = `{"env": [{"name": "A", "value": "9"}, {"name": "B"}, {"name": "C"}], "mounts": [{"name": "log", "source": "/var/log"}, {"name": "host", "source": "/"}]}`
	plugin := Plugin{Config: json.RawMessage(config)}
	err := json.Unmarshal([]byte(`{"Env": ["A=1", "B=two", "C=", "GONE=y"], "Mounts": [{"Name": "log", "Source": "/srv/log"}, {"Name": "host", "Source": "/"}]}`), &plugin.Settings)
	if err != nil {
		t.Fatal(err)
	}
	got, err := plugin.Changed([]byte(next))
	if want := []string{"B=two", "log.source=/srv/log"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestProcessFlags(t *testing.T) {
	cases := []struct {
		args []string
		file string
	}{
		{[]string{"dockerd"}, "/etc/docker/daemon.json"},
		{[]string{"dockerd", "--config-file", "/a.json", "-H", "fd://"}, "/a.json"},
		{[]string{"dockerd", "--config-file=/b.json"}, "/b.json"},
		{[]string{"dockerd", "--config-file"}, "/etc/docker/daemon.json"},
	}
	for _, c := range cases {
		if got := (Process{Args: c.args}).ConfigFile(); got != c.file {
			t.Errorf("%q: got %s, want %s", c.args, got, c.file)
		}
	}
}

// TestFindProcessRefusesOthers: SIGHUP ends most programs, so only dockerd may get it.
func TestFindProcessRefusesOthers(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "other.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	want := fmt.Sprintf("process %d behind %s is engine.test, not dockerd", os.Getpid(), socket)
	if _, err := FindProcess(socket); err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}
