package catalogue

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Checked is what there is to say about a configuration folder.
type Checked struct {
	Folder string `json:"folder"`
	// Faults keep it from being used.
	Faults []Remark `json:"faults"`
	// Ended are exceptions that have ended; the rest works.
	Ended []Remark `json:"ended"`
	// Notices are what changes nothing, or ends soon.
	Notices []Remark `json:"notices"`
	// InForce says what the folder puts into force, in two lines.
	InForce []string `json:"in_force,omitempty"`
}

// Remark is something about one place in a file.
type Remark struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Text   string `json:"text"`
}

// String is "file:line:column: text", as far as there is a place.
func (r Remark) String() string {
	text := r.Text
	switch {
	case r.Column > 0:
		text = fmt.Sprintf("%s:%d:%d: %s", r.File, r.Line, r.Column, r.Text)
	case r.Line > 0:
		text = fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Text)
	case r.File != "":
		text = r.File + ": " + r.Text
	}
	return text
}

// Faulty is a folder with faults: err joins one error for each.
func Faulty(dir string, err error) Checked {
	checked := Checked{Folder: dir, Faults: []Remark{}, Ended: []Remark{}, Notices: []Remark{}}
	for _, fault := range each(err) {
		checked.Faults = append(checked.Faults, remark(fault.Error()))
	}
	return checked
}

// each takes joined errors apart.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, each(e)...)
	}
	return all
}

var placed = regexp.MustCompile(`(?s)^([^:\n]+):(?:([0-9]+):(?:([0-9]+):)?)? (.+)$`)

// remark takes the place off a text.
func remark(text string) Remark {
	parts := placed.FindStringSubmatch(text)
	if parts == nil || parts[2] == "" && !strings.Contains(parts[1], "/") {
		return Remark{Text: text}
	}
	line, _ := strconv.Atoi(parts[2]) // digits, or nothing
	column, _ := strconv.Atoi(parts[3])
	return Remark{File: parts[1], Line: line, Column: column, Text: parts[4]}
}

// Check looks a folder without faults over.
func (c Catalogue) Check(dir string, now time.Time) Checked {
	file := filepath.Join(dir, policy.SettingsFile)
	checked := Checked{Folder: dir, Faults: []Remark{}, Ended: []Remark{}, Notices: []Remark{}, InForce: c.inForce(file)}
	for _, e := range c.Engine.Settings().Exceptions {
		place := Remark{File: file, Line: c.Lines["exceptions."+e.Name]}
		switch {
		case e.Expires.Over(now):
			place.Text = fmt.Sprintf("exception %s ended on %s and has no effect; remove it, or set a new date", e.Name, e.Expires)
			checked.Ended = append(checked.Ended, place)
		case e.Expires.Over(now.AddDate(0, 0, policy.NoticeDays)):
			place.Text = fmt.Sprintf("exception %s ends on %s; what it lets pass will be denied after that", e.Name, e.Expires)
			checked.Notices = append(checked.Notices, place)
		}
	}
	for _, s := range c.Engine.Superfluous() {
		checked.Notices = append(checked.Notices, Remark{File: file, Line: c.Lines[s.Key], Text: s.Key + " changes nothing: " + s.Why})
	}
	return checked
}

// inForce says in two lines what the policy is.
func (c Catalogue) inForce(file string) []string {
	entries, exceptions := c.Entries(""), len(c.Engine.Settings().Exceptions)
	if len(c.Lines) == 0 {
		file = "no settings"
	}
	sites := 0
	for _, e := range entries {
		if e.Site {
			sites++
		}
	}
	settings := c.Engine.Settings()
	profiles := c.Engine.Profiles()
	return []string{
		fmt.Sprintf("settings: %s; profile %s, mode %s, %s", file, profiles[len(profiles)-1], cmp.Or(settings.Mode, policy.Enforce), count(exceptions, "exception")),
		fmt.Sprintf("rules: %s; %d of them of this site", Counts(entries), sites),
	}
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// Text is what was found, one thing a line, and what follows from it.
func (c Checked) Text() string {
	var b strings.Builder
	for _, fault := range c.Faults {
		fmt.Fprintf(&b, "%s\n", fault)
	}
	for _, remark := range append(c.Ended, c.Notices...) {
		fmt.Fprintf(&b, "notice: %s\n", remark)
	}
	if len(c.Faults) > 0 {
		fmt.Fprintf(&b, "%s: nothing in the folder is used; a plugin that runs keeps the policy it has, one that starts refuses every request\n",
			count(len(c.Faults), "fault"))
	}
	for _, line := range c.InForce {
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}

// Clean says that there is nothing that must be done.
func (c Checked) Clean() bool { return len(c.Faults)+len(c.Ended) == 0 }
