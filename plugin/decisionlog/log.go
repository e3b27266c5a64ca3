package decisionlog

import (
	"io"

	"github.com/sirupsen/logrus"
	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	// The file is rotated at this size; this many old ones are kept, as they are:
	// to compress them took a tenth of what the plugin does.
	fileMegabytes = 50
	fileBackups   = 5
)

// levels are the log levels of decisions, so that a level of warning leaves
// allowed requests out.
var levels = map[Outcome]logrus.Level{
	Allow:  logrus.InfoLevel,
	Deny:   logrus.WarnLevel,
	Refuse: logrus.ErrorLevel,
}

// Log writes decisions and messages to one stream, and decisions to a file.
type Log struct {
	logger *logrus.Logger
	stream *queue
	file   *queue // nil without a file
}

// Open starts a log on stream, where level decides what is written. Every
// decision goes to the file at path as well, whatever the level; an empty path
// means no file. A file that cannot be written is reported on the stream.
func Open(stream io.Writer, level logrus.Level, path string) *Log {
	log := &Log{
		logger: logrus.New(),
		stream: newQueue(stream, func(error) {}),
	}
	log.logger.SetOutput(log.stream)
	log.logger.SetLevel(level)
	log.logger.SetFormatter(&logrus.JSONFormatter{})
	if path != "" {
		file := &lumberjack.Logger{Filename: path, MaxSize: fileMegabytes, MaxBackups: fileBackups}
		log.file = newQueue(file, func(err error) {
			log.logger.WithError(err).WithField("file", path).
				Error("the decision log file cannot be written; decisions are still written here")
		})
	}
	return log
}

// Logger writes the plugin's own messages.
func (l *Log) Logger() *logrus.Logger {
	return l.logger
}

// Record writes one decision. It never waits for a reader or a disk.
func (l *Log) Record(e Entry) {
	level := levels[e.Outcome]
	e.Kind, e.Level = "decision", level.String()
	line := encode(e.clean())
	if l.file != nil {
		l.file.add(e.waiting(line))
	}
	if l.logger.IsLevelEnabled(level) {
		l.stream.add(waiting{line: line}) // as it is: logrus would encode it again
	}
}

// Close writes what is waiting, for a second a sink at most.
func (l *Log) Close() {
	if l.file != nil {
		l.file.close() // first, since its failure is reported on the stream
	}
	l.stream.close()
}
