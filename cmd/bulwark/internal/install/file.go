package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const backupSuffix = ".bulwark-backup"

// readFile returns a file's bytes, or nil where there is no such file.
func readFile(path string) ([]byte, error) {
	doc, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if doc == nil && err == nil {
		doc = []byte{}
	}
	return doc, err
}

// replaceFile gives a file new bytes in one step, so that whoever reads it sees the old or the new ones
// and a full disk leaves the old. Owner and mode stay. A nil doc removes the file.
func replaceFile(path string, doc []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if doc == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing %s: %w", path, err)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", path, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already where all went well
	_, err = temp.Write(doc)
	err = errors.Join(err, takeOwnership(temp, path), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// takeOwnership gives the new file the owner and mode of the one that it will replace.
func takeOwnership(temp *os.File, path string) error {
	old, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return temp.Chmod(0o644)
	}
	if err != nil {
		return err
	}
	owner := old.Sys().(*syscall.Stat_t)
	return errors.Join(temp.Chown(int(owner.Uid), int(owner.Gid)), temp.Chmod(old.Mode().Perm()))
}
