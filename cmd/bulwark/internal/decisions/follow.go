package decisions

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"time"
)

// pollEvery is how often a growing log is looked at.
const pollEvery = 200 * time.Millisecond

// Follow gives the decisions of a log, those that are there and those that are
// added, until ctx ends. When the log is rotated it goes on in the new one; one
// that does not exist yet is waited for.
func Follow(ctx context.Context, name string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		f := follower{name: name}
		defer f.close()
		for {
			replaced := f.replaced() // then what is read now is the last of the old one
			goOn, err := f.drain(yield)
			if err != nil {
				yield(Entry{}, fmt.Errorf("following the decision log: %w", err))
				return
			}
			if !goOn {
				return
			}
			if replaced {
				f.close()
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(pollEvery):
			}
		}
	}
}

// follower is at some place of a growing log.
type follower struct {
	name   string
	file   *os.File // nil while there is none
	reader *bufio.Reader
	number int
	begun  []byte // a line whose end is not written yet
}

// drain gives every line that is complete; false means that nobody wants more.
func (f *follower) drain(yield func(Entry, error) bool) (bool, error) {
	if f.file == nil {
		if err := f.open(); err != nil || f.file == nil {
			return true, err
		}
	}
	for {
		text, err := f.reader.ReadBytes('\n')
		f.begun = append(f.begun, text...)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		f.number++
		l := line{text: f.begun[:len(f.begun)-1], place: Log{Name: f.name}.place(f.number)}
		f.begun = nil
		entry, isDecision, err := parse(l)
		if err != nil {
			return false, err
		}
		if isDecision && !yield(entry, nil) {
			return false, nil
		}
	}
}

func (f *follower) open() error {
	file, err := os.Open(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f.file, f.reader, f.number, f.begun = file, bufio.NewReader(file), 0, nil
	return nil
}

// replaced reports whether there is another file now under the log's name, or
// the file was emptied.
func (f *follower) replaced() bool {
	if f.file == nil {
		return false
	}
	now, err := os.Stat(f.name)
	was, wasErr := f.file.Stat()
	return err == nil && wasErr == nil && (!os.SameFile(now, was) || now.Size() < f.position())
}

// position is how much of the file has been read.
func (f *follower) position() int64 {
	at, err := f.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return at - int64(f.reader.Buffered())
}

func (f *follower) close() {
	if f.file != nil {
		_ = f.file.Close()
		f.file = nil
	}
}
