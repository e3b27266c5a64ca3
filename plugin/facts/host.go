package facts

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	securejoin "github.com/cyphar/filepath-securejoin"
	"golang.org/x/sys/unix"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// Host is the host's file system, mounted at Root; "/" outside a container.
type Host struct{ Root string }

// resolve follows the links of every host path that a document mounts.
func (h Host) resolve(doc *input.Document) {
	paths, rest := few(hostPaths(doc))
	for _, p := range paths {
		doc.Facts.Paths[p] = h.follow(p)
	}
	for _, p := range rest {
		doc.Facts.Paths[p] = input.PathFact{State: input.Unknown, Reason: tooMany}
	}
}

func hostPaths(doc *input.Document) []string {
	var paths []string
	for _, volume := range doc.Volumes {
		paths = append(paths, volume.HostPaths...)
	}
	if doc.Container == nil {
		return paths
	}
	for _, mount := range doc.Container.Mounts {
		if mount.Type == "bind" {
			paths = append(paths, mount.Source)
		}
	}
	for _, device := range doc.Container.Devices {
		paths = append(paths, device.Host)
	}
	return paths
}

// follow resolves each component in the host's root, as the engine's mount(2)
// will. A component that does not exist stays as it is: the engine creates it
// there, or fails.
func (h Host) follow(p string) input.PathFact {
	if !path.IsAbs(p) {
		return input.PathFact{State: input.Unknown, Reason: "it is not an absolute path"}
	}
	root := filepath.Clean("/" + h.Root)
	joined, err := securejoin.SecureJoinVFS(root, p, plainLinks{})
	if err != nil {
		return input.PathFact{State: input.Unknown, Reason: "following its links: " + cause(err)}
	}
	resolved, err := filepath.Rel(root, joined)
	if err != nil {
		return input.PathFact{State: input.Unknown, Reason: "following its links: " + err.Error()}
	}
	return input.PathFact{State: input.Found, Resolved: path.Join("/", resolved)}
}

// plainLinks reads links but those of a /proc, which lead elsewhere for each
// process that follows them, and not where their text says.
type plainLinks struct{}

var errMagicLink = errors.New("a link of /proc leads elsewhere for each process")

func (plainLinks) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(name) }

func (plainLinks) Readlink(name string) (string, error) {
	var on unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(name), &on); err != nil {
		return "", &fs.PathError{Op: "statfs", Path: name, Err: err}
	}
	if on.Type == unix.PROC_SUPER_MAGIC {
		return "", errMagicLink
	}
	return os.Readlink(name)
}

// cause is an error without the path, which the host knows by another name.
func cause(err error) string {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err.Error()
	}
	return err.Error()
}

// fact says how the host keeps containers apart. The engine writes "host" for
// the cgroup namespace of every container on cgroup v1 (moby
// daemon/daemon_unix.go), which is told by what v1 alone has.
func (h Host) fact() input.HostFact {
	_, err := os.Stat(filepath.Join("/", h.Root, "sys/fs/cgroup/devices/tasks"))
	return input.HostFact{CgroupV1: err == nil}
}
