package plugin

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

var (
	errEmpty      = errors.New("the engine sent no request along, as it does when it asks a second time; run the command again")
	errIncomplete = errors.New("the engine named no method or no address")
	errTwice      = errors.New("a part of the request is given twice")
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
	RequestBody     once[base64Bytes]
}

// decodeRequest reads what the engine sent, as encoding/json would. It is an
// error for anything to be missing, given twice or left over, so that nobody
// ever judges half a request.
func decodeRequest(data []byte) (authorization.Request, error) {
	if len(data) == 0 {
		return authorization.Request{}, errEmpty
	}
	var e envelope
	if err := jsonv1.Unmarshal(data, &e); err != nil {
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

func (o *once[T]) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	if o.given {
		return errTwice
	}
	o.given = true
	return json.UnmarshalDecode(decoder, &o.value)
}

// base64Bytes are decoded from where they were received, with no copy between.
type base64Bytes []byte

func (b *base64Bytes) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	if decoder.PeekKind() != jsontext.KindString {
		return json.UnmarshalDecode(decoder, (*[]byte)(b))
	}
	raw, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	text := raw[1 : len(raw)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		if text, err = jsontext.AppendUnquote(nil, raw); err != nil {
			return err
		}
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(decoded, text)
	*b = decoded[:n]
	return err
}
