package input

import (
	"regexp"
	"strconv"
	"strings"
)

// plainID is the one spelling of an id that every reader takes alike.
var plainID = regexp.MustCompile(`^(0|[1-9][0-9]{0,9})$`)

// maxID is the largest id that every reader takes as a number: containerd looks
// one beyond 32 bits up as a name.
const maxID = 1<<31 - 1

func isPlain(s string) bool {
	id := numericID(s)
	return id != nil && *id <= maxID && plainID.MatchString(s)
}

// parseUser reads a user as runc does: what strconv.Atoi takes is a uid, ""
// before a ":" is uid 0, anything else is a name in the image's /etc/passwd
// (moby/sys/user, GetExecUser).
func parseUser(value, field string) UserSpec {
	u := UserSpec{Value: value, Field: field, Kind: "absent"}
	if value == "" {
		return u
	}
	name, group, grouped := strings.Cut(value, ":")
	u.Group = group
	u.UID, u.GID = numericID(name), numericID(group)
	switch {
	case name == "" || name == "root":
		u.UID = new(int64)
		u.Kind = "name"
	case u.UID == nil:
		u.Kind, u.Name = "name", name
	case isPlain(name) && (!grouped || group != ""):
		u.Kind = "uid"
	default:
		u.Kind = "odd"
	}
	if u.GID != nil && !isPlain(group) {
		u.Kind = "odd"
	}
	return u
}

func numericID(s string) *int64 {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	id := int64(n)
	return &id
}

func parseGroups(values []string, field string) []Group {
	groups := make([]Group, 0, len(values))
	for i, v := range values {
		groups = append(groups, Group{Value: v, GID: groupID(v), Field: element(field, i)})
	}
	return groups
}

// groupID is a group's number unless some reader may take it as a name.
func groupID(s string) *int64 {
	id := numericID(s)
	if id != nil && *id > 0 && !isPlain(s) {
		return nil
	}
	return id
}
