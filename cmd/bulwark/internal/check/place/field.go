package place

import (
	"regexp"
	"strconv"
)

// segment is one step of a field of the Engine API: NAME, [0] or ["name"].
var segment = regexp.MustCompile(`^(?:\.?([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\])`)

// Field reads a field of the Engine API as a path: HostConfig.Binds[0], or
// HostConfig.Sysctls["net.core.somaxconn"]. It ends where it cannot be read.
func Field(field string) Path {
	var path Path
	for field != "" {
		m := segment.FindStringSubmatch(field)
		switch {
		case m == nil:
			return path
		case m[1] != "":
			path = append(path, m[1])
		case m[2] != "":
			n, err := strconv.Atoi(m[2])
			if err != nil {
				return path
			}
			path = append(path, n)
		default:
			name, err := strconv.Unquote(m[3])
			if err != nil {
				return path
			}
			path = append(path, name)
		}
		field = field[len(m[0]):]
	}
	return path
}
