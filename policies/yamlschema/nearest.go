package yamlschema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// alike is how many letters at the beginning make two words akin.
const alike = 4

// Nearest is the one of the known words that may have been meant, "" when none
// is near enough to be a short form of it or a slip of the finger.
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	if len(word) >= alike-1 {
		if long := beginning(known, word); long != "" {
			return long
		}
	}
	nearest, least := "", min(len(word), 1+max(2, len(word)/3))
	for _, candidate := range known {
		if d := levenshtein.ComputeDistance(word, strings.ToLower(candidate)); d < least {
			nearest, least = candidate, d
		}
	}
	if nearest == "" && len(word) > alike {
		return beginning(known, word[:alike])
	}
	return nearest
}

// beginning is the first word that begins so.
func beginning(words []string, prefix string) string {
	for _, word := range words {
		if strings.HasPrefix(strings.ToLower(word), prefix) {
			return word
		}
	}
	return ""
}

// Meant is the word that may have been meant, or all of a few, to be written
// behind one that is not known.
func Meant(word string, known []string) string {
	const few = 12
	known = slices.Sorted(slices.Values(known))
	if best := Nearest(word, known); best != "" {
		return question(best)
	}
	if len(known) > 0 && len(known) <= few {
		return fmt.Sprintf(" (there are %s)", strings.Join(known, ", "))
	}
	return ""
}
