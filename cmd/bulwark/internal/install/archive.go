package install

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// pack streams a plugin as the engine takes it: config.json and a rootfs folder, all owned by root.
func pack(config []byte, rootfs string) io.ReadCloser {
	return stream(func(archive *tar.Writer) error {
		header := &tar.Header{Name: "config.json", Mode: 0o644, Size: int64(len(config))}
		if err := writeEntry(archive, header, bytes.NewReader(config)); err != nil {
			return err
		}
		return filepath.WalkDir(rootfs, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(rootfs, path)
			if err != nil {
				return err
			}
			return addFile(archive, path, filepath.Join("rootfs", name))
		})
	})
}

// packProgram streams an image that has one program as its only file.
func packProgram(program, name string) io.ReadCloser {
	return stream(func(archive *tar.Writer) error { return addFile(archive, program, name) })
}

func stream(write func(*tar.Writer) error) io.ReadCloser {
	reader, writer := io.Pipe()
	go func() {
		archive := tar.NewWriter(writer)
		err := write(archive)
		_ = writer.CloseWithError(errors.Join(err, archive.Close()))
	}()
	return reader
}

// addFile writes a file, folder or link. Devices and sockets are left out: the engine makes its own.
func addFile(archive *tar.Writer, path, name string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	var target string
	switch info.Mode().Type() {
	case 0, fs.ModeDir:
	case fs.ModeSymlink:
		if target, err = os.Readlink(path); err != nil {
			return err
		}
	default:
		return nil
	}
	header, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return fmt.Errorf("packing %s: %w", path, err)
	}
	header.Name = name
	header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
	if !info.Mode().IsRegular() {
		return writeEntry(archive, header, nil)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return writeEntry(archive, header, file)
}

func writeEntry(archive *tar.Writer, header *tar.Header, content io.Reader) error {
	if err := archive.WriteHeader(header); err != nil {
		return fmt.Errorf("packing %s: %w", header.Name, err)
	}
	if content == nil {
		return nil
	}
	if _, err := io.Copy(archive, content); err != nil {
		return fmt.Errorf("packing %s: %w", header.Name, err)
	}
	return nil
}
