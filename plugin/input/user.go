package input

import (
	"regexp"
	"strconv"
	"strings"
)

// plainID is the one spelling of an id that every reader takes alike.
var plainID = regexp.MustCompile(`^(0|[1-9][0-9]{0,9})$`)

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
		u.Kind = "name"
	case plainID.MatchString(name) && (!grouped || group != ""):
		u.Kind = "uid"
	default:
		u.Kind = "odd"
	}
	if u.GID != nil && !plainID.MatchString(group) {
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
		groups = append(groups, Group{Value: v, GID: numericID(v), Field: element(field, i)})
	}
	return groups
}
