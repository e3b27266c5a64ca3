package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing/fstest"

	securejoin "github.com/cyphar/filepath-securejoin"
)

// A configuration folder may hold this much: it is read anew every few seconds.
const (
	mostEntries = 1000
	mostBytes   = 16 << 20
)

// Folder is where an operator's configuration is.
type Folder struct {
	// Root is where the host's files are mounted; "" where they are this
	// process's own. Links are followed beneath it, as the host would.
	Root string
	// Dir is the folder as the host sees it, and what errors call it.
	Dir string
}

// Snapshot is what a folder held at one moment. A folder that does not exist
// is like an empty one.
type Snapshot struct {
	// Dir is the folder as the host sees it.
	Dir string
	// Hash is the SHA-256, in hexadecimal digits, of the names and contents of
	// all files.
	Hash  string
	files fstest.MapFS
	sums  map[string]sum // of the files, by name
	dirs  []string       // where a change would show, as this process sees them
}

// FS is the folder as a file system that never changes.
func (s Snapshot) FS() fs.FS { return s.files }

// Read reads every file, those with hidden names aside, which are editors',
// Git's and Kubernetes' own. On an error of any kind nothing is known about the
// folder; the error names the file as the host sees it.
func (f Folder) Read() (Snapshot, error) {
	r := reader{folder: f, root: filepath.Clean("/" + f.Root), dir: f.Dir, files: fstest.MapFS{}}
	err := r.makeAbsolute()
	if err == nil {
		r.watchAbove()
		err = r.read()
	}
	snapshot := Snapshot{Dir: f.Dir, files: r.files, dirs: r.dirs}
	slices.Sort(snapshot.dirs)
	snapshot.dirs = slices.Compact(snapshot.dirs)
	if err != nil {
		return snapshot, err
	}
	snapshot.sums = map[string]sum{}
	for name, file := range r.files {
		snapshot.sums[name] = sha256.Sum256(file.Data)
	}
	snapshot.Hash = hashOf(snapshot.sums)
	return snapshot, nil
}

// reader reads one folder once.
type reader struct {
	folder  Folder
	root    string
	dir     string // the folder as the host sees it, absolute
	files   fstest.MapFS
	dirs    []string
	entries int
	bytes   int
}

// makeAbsolute takes a relative name as this process does.
func (r *reader) makeAbsolute() (err error) {
	if r.root == "/" && !path.IsAbs(r.dir) {
		r.dir, err = filepath.Abs(r.dir)
	}
	return err
}

func (r *reader) read() error {
	above, err := securejoin.SecureJoin(r.root, path.Dir(r.dir))
	if err != nil {
		return r.fault(".", err)
	}
	// A folder that is not there is fine; a link that leads nowhere is not.
	_, err = os.Lstat(filepath.Join(above, path.Base(r.dir)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return r.readFolder(".")
}

// watchAbove notes the closest folder above that exists: there the folder
// itself is made, removed and replaced.
func (r *reader) watchAbove() {
	for dir := path.Dir(r.dir); ; dir = path.Dir(dir) {
		place, err := securejoin.SecureJoin(r.root, dir)
		if info, statErr := os.Stat(place); err == nil && statErr == nil && info.IsDir() {
			r.dirs = append(r.dirs, place)
			return
		}
		if dir == "/" || dir == "." {
			return
		}
	}
}

func (r *reader) readFolder(name string) error {
	place, err := r.resolve(name)
	if err != nil {
		return r.fault(name, err)
	}
	r.dirs = append(r.dirs, place)
	entries, err := os.ReadDir(place)
	if err != nil {
		return r.fault(name, err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if err := r.readEntry(path.Join(name, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) readEntry(name string) error {
	if r.entries++; r.entries > mostEntries {
		return fmt.Errorf("reading %s: it has more than %d files and folders; keep nothing else in it", r.folder.Dir, mostEntries)
	}
	place, err := r.resolve(name)
	if err != nil {
		return r.fault(name, err)
	}
	info, err := os.Stat(place)
	switch {
	case err != nil:
		return r.fault(name, err)
	case info.IsDir():
		return r.readFolder(name)
	case !info.Mode().IsRegular():
		return r.fault(name, errors.New("it is neither a file nor a folder; remove it"))
	}
	r.dirs = append(r.dirs, filepath.Dir(place)) // another one when it is a link
	text, err := readAtMost(place, mostBytes-r.bytes)
	if err != nil {
		return r.fault(name, err)
	}
	if r.bytes += len(text); r.bytes > mostBytes {
		return fmt.Errorf("reading %s: its files are larger than %d MiB together; keep nothing else in it", r.folder.Dir, mostBytes>>20)
	}
	r.files[name] = &fstest.MapFile{Data: text, Mode: 0o444}
	return nil
}

// resolve is where this process finds a file of the folder.
func (r *reader) resolve(name string) (string, error) {
	return securejoin.SecureJoin(r.root, path.Join(r.dir, name))
}

// fault names a file as the host does.
func (r *reader) fault(name string, err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return fmt.Errorf("reading %s: %w", path.Join(r.folder.Dir, name), err)
}

// readAtMost reads a file up to one byte more than a limit. It does not wait,
// should the file have become a pipe.
func readAtMost(place string, limit int) ([]byte, error) {
	file, err := os.OpenFile(place, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(limit)+1))
}

// sum is the SHA-256 of a file.
type sum [sha256.Size]byte

func hashOf(sums map[string]sum) string {
	all := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		_, _ = fmt.Fprintf(all, "%x %q\n", sums[name], name) // a hash takes everything
	}
	return hex.EncodeToString(all.Sum(nil))
}
