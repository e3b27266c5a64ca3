package decisions

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// longestLine is more than the plugin writes, in bytes.
const longestLine = 1 << 20

// Log is one file of a decision log, gzipped or not.
type Log struct {
	// Name is the file, and what places are called by.
	Name string
	// Stdin is read instead of a file when it is not nil.
	Stdin io.Reader
}

// Logs are the logs of a command line, where "-" is the standard input.
func Logs(names []string, stdin io.Reader) []Log {
	logs := make([]Log, len(names))
	for i, name := range names {
		logs[i] = Log{Name: name}
		if name == "-" {
			logs[i] = Log{Name: "standard input", Stdin: stdin}
		}
	}
	return logs
}

type line struct {
	text  []byte
	place string
}

// lines gives the lines of a log, each a copy.
func (l Log) lines() iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		from, err := l.open()
		if err != nil {
			yield(line{}, fmt.Errorf("reading the decision log: %w", err))
			return
		}
		defer from.Close()
		scanner := bufio.NewScanner(from)
		scanner.Buffer(nil, longestLine)
		number := 1
		for ; scanner.Scan(); number++ {
			if !yield(line{bytes.Clone(scanner.Bytes()), l.place(number)}, nil) {
				return
			}
		}
		err = scanner.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("the line is longer than %d bytes, so this is no decision log", longestLine)
		}
		if err != nil {
			yield(line{}, fmt.Errorf("%s: reading the decision log: %w", l.place(number), err))
		}
	}
}

func (l Log) place(number int) string { return fmt.Sprintf("%s:%d", l.Name, number) }

func (l Log) open() (io.ReadCloser, error) {
	if l.Stdin != nil {
		return unzipped(io.NopCloser(l.Stdin))
	}
	file, err := os.Open(l.Name)
	if err != nil {
		return nil, err
	}
	reader, err := unzipped(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Name, errors.Join(err, file.Close()))
	}
	return reader, nil
}

// unzipped reads what is gzipped as what it holds, whatever it is called.
func unzipped(from io.ReadCloser) (io.ReadCloser, error) {
	buffered := bufio.NewReader(from)
	if magic, err := buffered.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return reader{buffered, from}, nil // a shorter log, or what cannot be read, shows when it is read
	}
	unzip, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, err
	}
	return reader{unzip, from}, nil
}

// reader reads from one thing and closes another.
type reader struct {
	io.Reader
	io.Closer
}
