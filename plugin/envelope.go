package plugin

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/go-plugins-helpers/authorization"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

var (
	errEmpty      = errors.New("the engine sent no request along, as it does when it asks a second time; run the command again")
	errIncomplete = errors.New("the engine named no method or no address")
	errTwice      = errors.New("a part of the request is given twice")
)

// part is a member of authorization.Request that Bulwark has a use for, and
// where it goes.
type part struct {
	name  string
	into  any
	given bool
}

// decodeRequest reads what the engine sent, as encoding/json would. It is an
// error for anything to be missing, given twice or left over, so that nobody
// ever judges half a request. Client certificates are left alone: the type's own
// decoder can panic on them, and the engine states the name in them as User.
func decodeRequest(data []byte) (authorization.Request, error) {
	if len(data) == 0 {
		return authorization.Request{}, errEmpty
	}
	var req authorization.Request
	parts := []part{
		{name: "User", into: &req.User}, {name: "UserAuthNMethod", into: &req.UserAuthNMethod},
		{name: "RequestMethod", into: &req.RequestMethod}, {name: "RequestUri", into: &req.RequestURI},
		{name: "RequestHeaders", into: &req.RequestHeaders}, {name: "RequestBody", into: &req.RequestBody},
	}
	err := input.EachMember(data, func(key string, value []byte) error {
		for i := range parts {
			if strings.EqualFold(parts[i].name, key) {
				return parts[i].read(value)
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return authorization.Request{}, fmt.Errorf("reading what the engine sent: %w", err)
	case req.RequestMethod == "" || req.RequestURI == "":
		return authorization.Request{}, errIncomplete
	}
	return req, nil
}

func (p *part) read(value []byte) error {
	if p.given {
		return errTwice
	}
	p.given = true
	body, isBody := p.into.(*[]byte)
	if !isBody || value[0] != '"' || bytes.IndexByte(value, '\\') >= 0 {
		return jsonv1.Unmarshal(value, p.into)
	}
	// Most of a large request: decoded from where it was received.
	text := value[1 : len(value)-1]
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(decoded, text)
	*body = decoded[:n]
	return err
}
