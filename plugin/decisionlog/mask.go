package decisionlog

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const masked = "***"

// visible says whether a text may be seen; name is that of the parameter, the
// label or the option, else the key that it stands under.
type visible func(name, text string) bool

// The log shows texts by where they stand in a document. Where a text is
// hidden, the shape stays, so that rules find what they found.
var (
	hidden = visible(func(_, text string) bool { return text == "" })
	// The values of a query, of labels and of options can be anything, so only
	// those are shown that cannot be a secret.
	parameters = visible(func(name, text string) bool { return harmless[name] || isPlain(text) })
	settings   = parameters
	labels     = visible(func(name, text string) bool { return isPlain(text) || isLabel(text) && !isSensitive(name) })
)

// harmless are parameters and options that rules read and that are no secret.
var harmless = map[string]bool{"ps_args": true, "tag": true, "type": true}

// sensitive are the names of what is not to be shown.
var sensitive = []string{"pass", "secret", "token", "key", "auth", "cred", "private"}

// isSensitive reports whether a name has one of those in it, in any letter case.
func isSensitive(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "\u017f", "s") // the long s, which has no case
	return slices.ContainsFunc(sensitive, func(part string) bool { return strings.Contains(name, part) })
}

// objects and lists say by its key what is seen of an object or a list. In an
// object of another kind, or without a key here, everything is seen.
var (
	objects = map[string]visible{
		"query": parameters, "labels": labels, "Labels": labels,
		"Annotations": settings, "Config": settings, "DriverOpts": settings, "Options": settings, "StorageOpt": settings,
	}
	lists = map[string]visible{
		"Args": hidden, "Cmd": hidden, "Command": hidden, "Entrypoint": hidden, "MountFlags": hidden, "OnBuild": hidden,
		"Shell": hidden, "Test": hidden,
	}
	// options are lists of objects with a name and a value.
	options = map[string]bool{
		"annotations": true, "driver_options": true, "ipam_options": true, "options": true, "storage_options": true,
	}
)

// isPlain reports whether a text is a switch or a small number.
func isPlain(text string) bool {
	switch text {
	case "", "true", "True", "false", "False":
		return true
	}
	const digits = 5
	return len(text) <= digits && consistsOf(text, func(c byte) bool { return '0' <= c && c <= '9' })
}

// isLabel reports whether Kubernetes takes a text as a label.
func isLabel(text string) bool {
	const longest = 63
	return len(text) <= longest && consistsOf(text, func(c byte) bool {
		return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '.' || c == '_' || c == '-'
	})
}

func consistsOf(text string, of func(byte) bool) bool {
	for i := range len(text) {
		if !of(text[i]) {
			return false
		}
	}
	return true
}

// maskURL masks the credentials of an address, and its query, where tokens are.
func maskURL(text string) string {
	text = maskCredentials(text)
	if before, _, found := strings.Cut(text, "?"); found && strings.Contains(before, "://") {
		return before + "?" + masked
	}
	return text
}

// appendText encodes a text with every character escaped that does not print.
func appendText(out []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // text always encodes
	for _, r := range string(quoted) {
		switch {
		case unicode.IsPrint(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, high), low)
		default:
			out = appendEscape(out, r)
		}
	}
	return out
}

func appendEscape(out []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
