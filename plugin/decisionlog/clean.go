package decisionlog

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A client chooses most of these texts, so each has a limit in bytes. Together
// they keep a line under 64 KiB: older engines read a plugin's output with a
// scanner that stops for good at a longer line.
const (
	maxName     = 64
	maxField    = 128
	maxText     = 512
	maxPath     = 1024
	maxFindings = 16
	maxNames    = 32
	// maxRaw is how much of a text is looked at before it is shortened.
	maxRaw = 16 << 10
)

// credentials are those of a URL: https://user:password@host. One slash is
// enough, because the engine's router folds two into one.
var credentials = regexp.MustCompile(`:/{1,2}[^/\s]*@`)

// bareCredentials are those of an address without a scheme, user:password@host.
// What follows them tells the digest of an image apart: name:tag@sha256:...
var bareCredentials = regexp.MustCompile(`[^\s/@:]+:[^\s/@]+@(sha256:)?`)

// clean returns the entry with every text safe to print and bounded.
func (e Entry) clean() Entry {
	e.User = clean(e.User, maxText)
	e.UserMethod = clean(e.UserMethod, maxName)
	e.Operation = clean(e.Operation, maxName)
	e.Method = clean(e.Method, maxName)
	e.Path = clean(e.Path, maxPath)
	e.Object = clean(e.Object, maxText)
	e.APIVersion = clean(e.APIVersion, maxName)
	e.Error = clean(e.Error, maxPath)

	names := make([]string, min(len(e.QueryNames), maxNames))
	for i := range names {
		names[i] = clean(e.QueryNames[i], maxName)
	}
	e.QueryNames = names

	e.Omitted = max(0, len(e.Violations)-maxFindings) + max(0, len(e.Dryrun)-maxFindings) + max(0, len(e.Excepted)-maxFindings)
	e.Violations = cleanFindings(e.Violations)
	e.Dryrun = cleanFindings(e.Dryrun)
	e.Excepted = cleanFindings(e.Excepted)
	return e
}

func cleanFindings(findings []Finding) []Finding {
	cleaned := make([]Finding, min(len(findings), maxFindings))
	for i := range cleaned {
		f := findings[i]
		cleaned[i] = Finding{
			Rule:      clean(f.Rule, maxName),
			Field:     clean(f.Field, maxField),
			Msg:       clean(f.Msg, maxText),
			Exception: clean(f.Exception, maxName),
		}
	}
	return cleaned
}

// clean makes one line of the text, replaces what a terminal would act on, masks
// credentials in what is left, and cuts the rest to limit bytes.
func clean(text string, limit int) string {
	if len(text) <= limit && isHarmless(text) {
		return text
	}
	text = cut(text, maxRaw)
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return utf8.RuneError
	}, text)
	return cut(maskCredentials(text), limit)
}

// isHarmless reports whether a text can have nothing to replace or to mask.
func isHarmless(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '@' {
			return false
		}
	}
	return true
}

func maskCredentials(text string) string {
	if strings.Count(text, "@") == strings.Count(text, "@sha256:") && !strings.Contains(text, ":/") {
		return text // digests of images, if anything
	}
	if strings.Contains(text, ":/") {
		text = credentials.ReplaceAllString(text, "://***@")
	}
	if strings.Contains(text, "@") {
		text = bareCredentials.ReplaceAllStringFunc(text, maskUnlessDigest)
	}
	return text
}

func maskUnlessDigest(found string) string {
	if strings.HasSuffix(found, "sha256:") {
		return found
	}
	return "***@"
}

// cut shortens a text to limit bytes, never inside a character.
func cut(text string, limit int) string {
	const mark = "…"
	if len(text) <= limit {
		return text
	}
	end := limit - len(mark)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + mark
}
