package policy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// pollEvery is how often a folder is read when nothing tells of a change:
	// network file systems and new mounts do not.
	pollEvery = 5 * time.Second
	// settleTime is how long nothing must happen before a change is read;
	// settleMost is how long that can put it off.
	settleTime = 100 * time.Millisecond
	settleMost = time.Second
	// mostReads is how often a folder that changes while it is read is read
	// again before it is left for the next time.
	mostReads = 10
)

// Loaded is what became of one state of a folder.
type Loaded struct {
	// Engine decides by it; nil when Err says what is wrong with it.
	Engine *Engine
	Err    error
	// Hash is that of the Snapshot, "" when the folder could not be read.
	Hash string
	// Changed are the files that differ from the state before, sorted, each
	// with what happened to it, as in "settings.yaml added".
	Changed []string
}

// Watch loads a folder, and again each time it has changed, until ctx ends.
// It calls apply once for each state, good or bad, and warn when changes are
// noticed later than usual. A folder that is being written is never applied.
func Watch(ctx context.Context, folder Folder, apply func(Loaded), warn func(error)) {
	w := watcher{read: folder.Read, apply: apply, load: loadSnapshot, poll: pollEvery, settle: settleTime}
	if err := w.open(); err != nil {
		warn(fmt.Errorf("changes to the settings are noticed within %s, not at once: %w", pollEvery, err))
	}
	defer w.close()
	w.run(ctx)
}

func loadSnapshot(s Snapshot) (*Engine, error) { return LoadFS(s.FS(), s.Dir) }

// watcher watches one folder.
type watcher struct {
	read         func() (Snapshot, error)
	apply        func(Loaded)
	load         func(Snapshot) (*Engine, error)
	poll, settle time.Duration

	events *fsnotify.Watcher // nil where the kernel gives none
	kicks  chan struct{}     // has one when something may have changed
	state  string            // of the folder when it was last loaded
	sums   map[string]sum    // likewise
}

// open asks the kernel to tell of changes.
func (w *watcher) open() (err error) {
	w.kicks = make(chan struct{}, 1)
	if w.events, err = fsnotify.NewWatcher(); err != nil {
		return err
	}
	go w.pump(w.events)
	return nil
}

// pump makes one kick of all events that nobody has waited for yet. What the
// events say does not matter: the folder is read whole. An error is a reason
// to read it too, since events were lost.
func (w *watcher) pump(events *fsnotify.Watcher) {
	for {
		select {
		case _, ok := <-events.Events:
			if !ok {
				return
			}
		case _, ok := <-events.Errors:
			if !ok {
				return
			}
		}
		select {
		case w.kicks <- struct{}{}:
		default:
		}
	}
}

func (w *watcher) close() {
	if w.events != nil {
		_ = w.events.Close() // nothing is left to do about it
	}
}

func (w *watcher) run(ctx context.Context) {
	tick := time.NewTicker(w.poll)
	defer tick.Stop()
	for {
		w.check(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.kicks:
			w.settled(ctx)
		}
	}
}

// settled waits until the kicks pause.
func (w *watcher) settled(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settleMost)
	defer cancel()
	for quiet := time.NewTimer(w.settle); ; quiet.Reset(w.settle) {
		select {
		case <-ctx.Done():
			return
		case <-quiet.C:
			return
		case <-w.kicks:
		}
	}
}

// check loads the folder if it has changed since the last time. It looks again
// after a pause, until two looks are the same: then every file was what it is at
// one moment between the two. Loading what was seen first takes part of the first
// pause, and is for nothing when something else comes after it. An error is a
// state like any other.
func (w *watcher) check(ctx context.Context) {
	pause := w.settle
	if w.state == "" {
		pause /= mostReads // the first policy is waited for
	}
	seen := w.look()
	early := seen
	var loaded Loaded
	for n := 0; n < mostReads && (seen.late || seen.state != w.state); n++ {
		rested := time.After(pause)
		if n == 0 && seen.state != w.state {
			loaded = w.loadSeen(seen)
		}
		select {
		case <-ctx.Done():
			return
		case <-rested:
		}
		next := w.look()
		if !next.late && next.state == seen.state && next.state != w.state {
			if next.state != early.state {
				loaded = w.loadSeen(next)
			}
			w.adopt(next, loaded)
			return
		}
		seen = next
	}
}

func (w *watcher) adopt(l look, loaded Loaded) {
	w.state = l.state
	if l.err == nil {
		loaded.Changed = differences(w.sums, l.snapshot.sums)
		w.sums = l.snapshot.sums
	}
	w.apply(loaded)
}

func (w *watcher) loadSeen(l look) Loaded {
	loaded := Loaded{Err: l.err, Hash: l.snapshot.Hash}
	if l.err == nil {
		loaded.Engine, loaded.Err = w.tryLoad(l.snapshot)
	}
	return loaded
}

// tryLoad makes an error of a panic: there is a last good policy to keep.
func (w *watcher) tryLoad(s Snapshot) (engine *Engine, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			engine, err = nil, fmt.Errorf("loading %s: panic: %v", s.Dir, cause)
		}
	}()
	return w.load(s)
}

// look is one look at the folder.
type look struct {
	snapshot Snapshot
	err      error
	state    string
	// late is true when changes that were made meanwhile may go unnoticed.
	late bool
}

func (w *watcher) look() look {
	snapshot, err := w.read()
	return look{snapshot, err, stateOf(snapshot, err), w.watch(snapshot.dirs)}
}

func stateOf(s Snapshot, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return s.Hash
}

// watch asks for events of these directories and no others. It reports whether
// it asked for some that were not watched while they were read. What cannot be
// watched is polled.
func (w *watcher) watch(dirs []string) (late bool) {
	if w.events == nil {
		return false
	}
	watched := w.events.WatchList()
	for _, dir := range watched {
		if !slices.Contains(dirs, dir) {
			_ = w.events.Remove(dir) // it may be gone
		}
	}
	for _, dir := range dirs {
		// Again for those that are watched: it does no harm, and the
		// directory may have been replaced by another of the same name.
		if w.events.Add(dir) == nil && !slices.Contains(watched, dir) {
			late = true
		}
	}
	return late
}

// differences says what happened to which file.
func differences(before, after map[string]sum) []string {
	var all []string
	for name, sum := range after {
		switch old, ok := before[name]; {
		case !ok:
			all = append(all, name+" added")
		case old != sum:
			all = append(all, name+" changed")
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			all = append(all, name+" removed")
		}
	}
	slices.Sort(all)
	return all
}
