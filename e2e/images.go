//go:build e2e

package e2e

import (
	"archive/tar"
	"bytes"
	"os"
	"testing"
)

// applets are the commands of the test images, all of them links to busybox.
var applets = []string{"cat", "echo", "false", "grep", "id", "ls", "nc", "sh", "sleep", "true"}

// importImages makes two images with the same content: busybox, which is trusted by default, and
// evil.example/app, which is not. There is no registry to pull from.
func (d *daemon) importImages(t *testing.T) {
	t.Helper()
	image := busybox(t)
	for _, name := range []string{"busybox", "evil.example/app"} {
		if got := d.runWith(t, image, "docker", "import", "-", name); got.code != 0 {
			t.Fatalf("importing %s: %s", name, got)
		}
	}
}

// busybox is a tar with a static busybox, its applets, and a folder that everybody may write to.
func busybox(t *testing.T) string {
	t.Helper()
	program, err := os.ReadFile("/bin/busybox")
	if err != nil {
		t.Fatalf("reading the program of the test images: %v; apt-get install busybox-static", err)
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	add := func(header tar.Header, content []byte) {
		header.Size = int64(len(content))
		if err := w.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	add(tar.Header{Name: "tmp/", Typeflag: tar.TypeDir, Mode: 0o1777}, nil)
	add(tar.Header{Name: "etc/passwd", Mode: 0o644}, []byte("root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"))
	add(tar.Header{Name: "bin/busybox", Mode: 0o755}, program)
	for _, applet := range applets {
		add(tar.Header{Name: "bin/" + applet, Typeflag: tar.TypeSymlink, Linkname: "busybox"}, nil)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
