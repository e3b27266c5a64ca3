package plugin

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSocketIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.sock")
	listener, err := Listen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Mode(), os.ModeSocket|0o600; got != want {
		t.Errorf("mode %v, want %v", got, want)
	}
	_ = listener.Close()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the socket stays after the end: %v", err)
	}
}

func TestSocketOfAKilledPluginIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.sock")
	old, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	old.SetUnlinkOnClose(false)
	_ = old.Close()
	listener, err := Listen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
}

func TestSocketInUseIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.sock")
	first, err := Listen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = Listen(t.Context(), path)
	if want := "another process uses it; stop that one or choose another path"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v", err)
	}
	if _, err := net.Dial("unix", path); err != nil {
		t.Errorf("the first one no longer listens: %v", err)
	}
}

func TestOtherFilesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Listen(t.Context(), path)
	if want := "there is a file that is no socket; remove it or choose another path"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v", err)
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != "x" {
		t.Errorf("content %q, error %v", content, err)
	}
}

func TestMissingDirectoryIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "b.sock")
	_, err := Listen(t.Context(), path)
	if err == nil || !strings.HasPrefix(err.Error(), "listening on socket "+path+": ") {
		t.Errorf("error %v", err)
	}
}
