package plugin

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/docker/go-plugins-helpers/authorization"
)

var (
	errEmpty      = errors.New("the engine sent no request along, as it does when it asks a second time; run the command again")
	errIncomplete = errors.New("the engine named no method or no address")
)

// envelope is authorization.Request without what Bulwark has no use for. Most
// of all without the client certificates, on which the type's own decoder can
// panic; the engine states the name in them as User.
type envelope struct {
	User            once[string]
	UserAuthNMethod once[string]
	RequestMethod   once[string]
	RequestURI      once[string] `json:"RequestUri"`
	RequestHeaders  once[map[string]string]
	RequestBody     once[[]byte]
}

// decodeRequest reads what the engine sent. It is an error for anything to be
// missing, given twice or left over, so that nobody ever judges half a request.
func decodeRequest(data []byte) (authorization.Request, error) {
	if len(data) == 0 {
		return authorization.Request{}, errEmpty
	}
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return authorization.Request{}, fmt.Errorf("reading what the engine sent: %w", err)
	}
	if e.RequestMethod.value == "" || e.RequestURI.value == "" {
		return authorization.Request{}, errIncomplete
	}
	return authorization.Request{
		User:            e.User.value,
		UserAuthNMethod: e.UserAuthNMethod.value,
		RequestMethod:   e.RequestMethod.value,
		RequestURI:      e.RequestURI.value,
		RequestHeaders:  e.RequestHeaders.value,
		RequestBody:     e.RequestBody.value,
	}, nil
}

// once decodes a JSON member that must not be repeated, in any letter case.
type once[T any] struct {
	value T
	given bool
}

func (o *once[T]) UnmarshalJSON(data []byte) error {
	if o.given {
		return errors.New("a part of the request is given twice")
	}
	o.given = true
	return json.Unmarshal(data, &o.value)
}
