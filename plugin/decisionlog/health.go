package decisionlog

// Health says whether the log is complete.
type Health struct {
	// StreamLost and FileLost are how many lines are missing since the start.
	StreamLost, FileLost uint64
	// FileError is why the file cannot be written now, nil when it can.
	FileError error
}

// Health says whether every line was written so far.
func (l *Log) Health() Health {
	h := Health{StreamLost: l.stream.missing.Load()}
	if l.file == nil {
		return h
	}
	h.FileLost = l.file.missing.Load()
	if failure := l.file.failure.Load(); failure != nil {
		h.FileError = *failure
	}
	return h
}
