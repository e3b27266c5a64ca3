package facts

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"

	"github.com/moby/sys/user"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const (
	passwdFile = "/etc/passwd"
	// pathStateHeader says what there is at a path of a container.
	pathStateHeader = "X-Docker-Container-Path-Stat"
)

// askUser looks the user up by whose name a process would run in a container.
func (g *Gatherer) askUser(ctx context.Context, doc *input.Document, target containerAnswer) {
	if target.HostConfig == nil {
		return
	}
	who := doc.Facts.Containers[doc.Object].User
	if doc.Exec != nil && doc.Exec.User.Kind != "absent" {
		who = doc.Exec.User
	}
	if (doc.Starting || doc.Exec != nil) && who.Name != "" {
		doc.Facts.Users[who.Name] = g.user(ctx, target, who.Name)
	}
}

// user looks a name up where the engine will: in the container's own
// /etc/passwd. The engine reads that without the container's mounts, while
// what it copies out of a container has them (moby daemon/oci_linux.go,
// getUser, and daemon/archive_unix.go), so that no mount may cover the file.
func (g *Gatherer) user(ctx context.Context, target containerAnswer, name string) input.UserFact {
	content, err := g.passwd(ctx, target)
	if err != nil {
		return input.UserFact{State: input.Unknown, Reason: err.Error()}
	}
	entries, err := user.ParsePasswdFilter(bytes.NewReader(content), func(u user.User) bool { return u.Name == name })
	switch {
	case err != nil:
		return input.UserFact{State: input.Unknown, Reason: "reading " + passwdFile + ": " + err.Error()}
	case len(entries) == 0:
		return input.UserFact{State: input.Missing, Reason: passwdFile + " has no such user"}
	}
	uid := int64(entries[0].Uid) // the first one counts
	if uid != int64(int32(uid)) {
		// The engine cuts it to 32 bits, and 4294967296 to root (moby daemon/oci_linux.go, getUser).
		return input.UserFact{State: input.Unknown, Reason: fmt.Sprintf("%s has the uid %d, which is too large for one", passwdFile, uid)}
	}
	return input.UserFact{State: input.Found, UID: &uid}
}

func (g *Gatherer) passwd(ctx context.Context, target containerAnswer) ([]byte, error) {
	folders := map[string]bool{path.Dir(passwdFile): true}
	for _, mounted := range target.mountTargets() {
		if mounted == "/" || mounted == passwdFile || mounted == path.Dir(passwdFile) {
			return nil, fmt.Errorf("the mount at %s covers %s", mounted, passwdFile)
		}
		for ; mounted != "/" && mounted != "."; mounted = path.Dir(mounted) {
			folders[mounted] = true
		}
	}
	// A link on the way to a mount could lead it over the file after all.
	if err := g.noLinks(ctx, target.ID, slices.Collect(maps.Keys(folders))); err != nil {
		return nil, err
	}
	archive, err := g.engine.ask(ctx, http.MethodGet, archiveURL(target.ID, passwdFile))
	if errors.Is(err, errNotFound) || errors.Is(err, errNotTaken) {
		return nil, fmt.Errorf("there is no %s", passwdFile)
	}
	if err != nil {
		return nil, err
	}
	return onlyRootWrites(archive)
}

// onlyRootWrites reads a file from an archive of it alone. What others in the
// container may write, they may change before the engine reads it.
func onlyRootWrites(archive []byte) ([]byte, error) {
	r := tar.NewReader(bytes.NewReader(archive))
	header, err := r.Next()
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", passwdFile, err)
	case header.Typeflag != tar.TypeReg || header.Name != path.Base(passwdFile):
		return nil, fmt.Errorf("%s is not a plain file", passwdFile)
	case header.Uid != 0 || header.Mode&0o022 != 0:
		return nil, fmt.Errorf("others than root may write to %s", passwdFile)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", passwdFile, err)
	}
	return content, nil
}

// noLinks reports a path of a container that is a symbolic link.
func (g *Gatherer) noLinks(ctx context.Context, id string, paths []string) error {
	asked, rest := few(paths)
	if len(rest) > 0 {
		return errors.New("it has too many mounts to tell whether one covers " + passwdFile)
	}
	found := make([]error, len(asked))
	var round questions
	for i, p := range asked {
		round.add(func() func() {
			err := g.noLink(ctx, id, p)
			return func() { found[i] = err }
		})
	}
	round.ask()
	return errors.Join(found...)
}

func (g *Gatherer) noLink(ctx context.Context, id, p string) error {
	answer, err := g.engine.ask(ctx, http.MethodHead, archiveURL(id, p))
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var state struct{ Mode fs.FileMode }
	text, err := base64.StdEncoding.DecodeString(string(answer))
	if err == nil {
		err = json.Unmarshal(text, &state)
	}
	switch {
	case err != nil:
		return fmt.Errorf("reading what is at %s of the container: %w", p, err)
	case state.Mode&fs.ModeSymlink != 0:
		return fmt.Errorf("%s of the container is a link", p)
	}
	return nil
}

func archiveURL(id, p string) string {
	return "/containers/" + url.PathEscape(id) + "/archive?path=" + url.QueryEscape(p)
}

// mountTargets are the paths of a container that something is mounted over.
func (a containerAnswer) mountTargets() []string {
	var targets []string
	for _, m := range a.Mounts {
		targets = append(targets, path.Clean("/"+m.Destination))
	}
	for _, m := range a.HostConfig.Mounts {
		targets = append(targets, path.Clean("/"+m.Target))
	}
	for target := range a.HostConfig.Tmpfs {
		targets = append(targets, path.Clean("/"+target))
	}
	return targets
}
