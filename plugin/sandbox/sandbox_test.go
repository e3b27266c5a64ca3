package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// child makes the test binary the program that confines itself. It says what
// it may still do as JSON.
const child = "SANDBOX_TEST_CHILD"

func TestMain(m *testing.M) {
	if directory := os.Getenv(child); directory != "" {
		if err := beChild(directory); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// powers are what a confined process can do.
type powers struct {
	Status       Status
	WriteInside  bool
	RenameInside bool
	RemoveInside bool
	WriteOutside bool
	TruncOutside bool
	ReadOutside  bool
	// Threads has the distinct lines of all threads' status files.
	Threads map[string]bool
}

func beChild(directory string) error {
	inside, outside := filepath.Join(directory, "inside"), filepath.Join(directory, "outside")
	status, err := Confine(inside)
	if err != nil {
		return err
	}
	file := filepath.Join(inside, "file")
	secret := filepath.Join(outside, "secret")
	_, readErr := os.ReadFile(secret)
	p := powers{
		Status:       status,
		WriteInside:  os.WriteFile(file, nil, 0o600) == nil,
		RenameInside: os.Rename(file, file+".1") == nil,
		RemoveInside: os.Remove(file+".1") == nil,
		WriteOutside: os.WriteFile(filepath.Join(outside, "file"), nil, 0o600) == nil,
		TruncOutside: os.Truncate(secret, 0) == nil,
		ReadOutside:  readErr == nil,
		Threads:      map[string]bool{},
	}
	files, err := filepath.Glob("/proc/self/task/*/status")
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(content)) {
			if strings.HasPrefix(line, "Cap") || strings.HasPrefix(line, "NoNewPrivs") {
				p.Threads[strings.Join(strings.Fields(line), " ")] = true
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(p)
}

func confine(t *testing.T, credential *syscall.Credential, ambient ...uintptr) powers {
	t.Helper()
	directory := t.TempDir()
	for _, name := range []string{"inside", "outside"} {
		path := filepath.Join(directory, name)
		if err := errors.Join(os.Mkdir(path, 0o777), os.Chmod(path, 0o777)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(directory, "outside", "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	self := executable(t, directory)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), child+"="+directory, marker+"=1:7")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential, AmbientCaps: ambient}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var p powers
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// executable copies the test binary to where any user can start it.
func executable(t *testing.T, directory string) string {
	t.Helper()
	for parent := directory; strings.HasPrefix(parent, os.TempDir()) && parent != os.TempDir(); parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	binary, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(directory, "self")
	if err := os.WriteFile(path, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to have privileges that can be given up")
	}
}

// checkWrites says what a process with these powers must and must not change.
func (p powers) checkWrites(t *testing.T) {
	t.Helper()
	if !p.WriteInside || !p.RenameInside || !p.RemoveInside {
		t.Errorf("cannot work in its own directory: %+v", p)
	}
	if p.Status.Landlock == 0 {
		t.Log("this kernel has no Landlock: writes elsewhere are not restricted")
		return
	}
	if p.WriteOutside || p.TruncOutside && p.Status.Landlock >= 3 {
		t.Errorf("can change files elsewhere: %+v", p)
	}
}

func TestRootKeepsReadingOnly(t *testing.T) {
	needRoot(t)
	p := confine(t, nil)
	p.checkWrites(t)
	if !p.ReadOutside {
		t.Error("cannot read files any more")
	}
	want := map[string]bool{
		"CapInh: 0000000000000004": true,
		"CapPrm: 0000000000000004": true,
		"CapEff: 0000000000000004": true,
		"CapBnd: 0000000000000004": true,
		"CapAmb: 0000000000000004": true,
		"NoNewPrivs: 1":            true,
	}
	if diff := cmp.Diff(want, p.Threads); diff != "" {
		t.Errorf("threads (-want +got):\n%s", diff)
	}
}

func TestOtherUserKeepsReadingOnly(t *testing.T) {
	needRoot(t)
	p := confine(t, &syscall.Credential{Uid: 65534, Gid: 65534}, keep)
	p.checkWrites(t)
	if !p.ReadOutside {
		t.Error("cannot read other users' files any more")
	}
	if !p.Threads["CapPrm: 0000000000000004"] || !p.Threads["NoNewPrivs: 1"] || len(p.Threads) != 6 {
		t.Errorf("threads: %v", p.Threads)
	}
}

func TestUserWithoutPrivileges(t *testing.T) {
	var credential *syscall.Credential
	if os.Getuid() == 0 {
		credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	p := confine(t, credential)
	p.checkWrites(t)
	if !p.Threads["CapEff: 0000000000000000"] || !p.Threads["NoNewPrivs: 1"] {
		t.Errorf("threads: %v", p.Threads)
	}
}

func TestMissingDirectoryIsNamed(t *testing.T) {
	if version, err := restrictWrites(syscall.RawSyscall, []string{"/does/not/exist"}); version != 0 || err == nil {
		if version == 0 {
			t.Skip("this kernel has no Landlock")
		}
		t.Fatalf("version %d, error %v", version, err)
	} else if got, want := err.Error(), "opening directory /does/not/exist: no such file or directory"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

func TestMarkerOfAnotherProcessIsNotBelieved(t *testing.T) {
	pid := os.Getpid()
	tests := map[string]bool{
		fmt.Sprintf("%d:7", pid):   true,
		fmt.Sprintf("%d:7", pid+1): false,
		fmt.Sprintf("%d:x", pid):   false,
		fmt.Sprintf("%d", pid):     false,
		"":                         false,
	}
	for value, want := range tests {
		if status, ok := confined(value); ok != want || ok && status.Landlock != 7 {
			t.Errorf("confined(%q) = %v, %v", value, status, ok)
		}
	}
}
