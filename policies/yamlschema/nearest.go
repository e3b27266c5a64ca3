package yamlschema

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// alike is how many letters at the beginning make two words akin.
const alike = 4

// Nearest is the one of the known words that may have been meant, "" when none
// is near enough to be a slip of the finger.
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	nearest, least := "", min(len(word), 1+max(2, len(word)/3))
	for _, candidate := range known {
		if d := levenshtein.ComputeDistance(word, strings.ToLower(candidate)); d < least {
			nearest, least = candidate, d
		}
	}
	for i := 0; nearest == "" && i < len(known); i++ {
		if len(word) > alike && strings.HasPrefix(strings.ToLower(known[i]), word[:alike]) {
			nearest = known[i]
		}
	}
	return nearest
}
