package decisionlog

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// encode writes an entry as encoding/json does, in a fraction of the time; it
// ends in a line break. The document is added later.
func encode(e Entry) []byte {
	const usual, finding = 1 << 9, 1 << 8
	l := line(make([]byte, 0, usual+finding*(len(e.Violations)+len(e.Dryrun)+len(e.Excepted))))
	l = e.Time.AppendFormat(append(l, `{"time":"`...), time.RFC3339Nano)
	l = append(l, '"')
	l.text("level", e.Level)
	l.text("msg", e.Kind)
	l.text("decision_id", e.DecisionID)
	l.text("outcome", string(e.Outcome))
	l.key("allow")
	l = strconv.AppendBool(l, e.Allow)
	l.text("user", e.User)
	l.text("user_method", e.UserMethod)
	l.text("operation", e.Operation)
	l.text("method", e.Method)
	l.text("path", e.Path)
	l.text("object", e.Object)
	l.text("api_version", e.APIVersion)
	l.texts("query_names", e.QueryNames)
	l.findings("violations", e.Violations)
	l.findings("dryrun", e.Dryrun)
	if len(e.Excepted) > 0 {
		l.findings("excepted", e.Excepted)
	}
	if e.Omitted != 0 {
		l.number("omitted", int64(e.Omitted))
	}
	if e.Error != "" {
		l.text("error", e.Error)
	}
	l.number("duration_us", e.DurationMicros)
	return append(l, "}\n"...)
}

// line is a JSON object that is being written.
type line []byte

func (l *line) key(name string) {
	if last := (*l)[len(*l)-1]; last != '{' {
		*l = append(*l, ',')
	}
	*l = append(append(append(*l, '"'), name...), `":`...)
}

func (l *line) number(name string, n int64) {
	l.key(name)
	*l = strconv.AppendInt(*l, n, 10)
}

func (l *line) text(name, text string) {
	l.key(name)
	l.quote(text)
}

func (l *line) texts(name string, texts []string) {
	l.key(name)
	*l = append(*l, '[')
	for i, text := range texts {
		if i > 0 {
			*l = append(*l, ',')
		}
		l.quote(text)
	}
	*l = append(*l, ']')
}

func (l *line) findings(name string, findings []Finding) {
	l.key(name)
	*l = append(*l, '[')
	for i, f := range findings {
		if i > 0 {
			*l = append(*l, ',')
		}
		*l = append(*l, '{')
		l.text("rule", f.Rule)
		l.text("field", f.Field)
		l.text("msg", f.Msg)
		if f.Exception != "" {
			l.text("exception", f.Exception)
		}
		*l = append(*l, '}')
	}
	*l = append(*l, ']')
}

func (l *line) quote(text string) {
	if isPlainJSON(text) {
		*l = append(append(append(*l, '"'), text...), '"')
		return
	}
	quoted, err := jsontext.AppendQuote(*l, text)
	if err != nil { // it is not all UTF-8
		quoted, _ = jsontext.AppendQuote(*l, strings.ToValidUTF8(text, string(utf8.RuneError)))
	}
	*l = quoted
}

// isPlainJSON reports whether a text stands for itself between quotes.
func isPlainJSON(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
