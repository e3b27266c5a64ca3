// Package facts looks up what a request does not say: in the engine, about the
// images, containers, volumes and networks it names, and on the host, about
// the paths it mounts.
package facts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	securejoin "github.com/cyphar/filepath-securejoin"
)

const (
	// TokenHeader marks Bulwark's own look-ups, which come back through the
	// authorization chain and must cause no further ones.
	TokenHeader = "X-Bulwark-Lookup" //nolint:gosec // the name of a header, not what is in it

	lookupTimeout = 1500 * time.Millisecond
	lookupsAtOnce = 16
	maxAnswer     = 4 << 20
)

// errNotFound is that the engine has no such object. It will say the same of
// the request itself.
var errNotFound = errors.New("the engine has no such object")

// errNotTaken is that the engine does not take a name: it is none, or that of
// several objects.
var errNotTaken = errors.New("the engine does not take its name, or has several objects that it could be")

// Engine asks the Docker Engine what it knows. Equal questions that are under
// way at the same time are asked once; no answer is kept.
type Engine struct {
	client    *http.Client
	token     string
	places    chan struct{}
	questions coalescer
	lookups   lookups

	// asker is that the engine must be the one that asks this process about
	// requests; under are the look-ups under way, and whether it has asked.
	asker bool
	under sync.Map // string: *atomic.Bool
}

// errOther is what answers but does not ask: another engine, or none at all.
var errOther = errors.New("what listens there is not the engine that asks Bulwark; BULWARK_ENGINE must name that one's socket")

// OnlyAsker returns the engine, which from now on is believed only when it asks
// about each look-up as it asks about every request: what another one says of a
// name, or a stranger on its socket, clears nothing.
func (e *Engine) OnlyAsker() *Engine {
	e.asker = true
	return e
}

// own reports whether a request's header is that of a look-up of this process.
func (e *Engine) own(header string) bool {
	n := len(e.token)
	if len(header) < n || subtle.ConstantTimeCompare([]byte(header[:n]), []byte(e.token)) != 1 {
		return false
	}
	asked, found := e.under.Load(header[n:])
	if found {
		asked.(*atomic.Bool).Store(true)
	}
	return found
}

// NewEngine asks the engine that listens on a unix socket. With a root, that is
// where the host's files are, and a link there leads where the host says.
func NewEngine(root, socket string) *Engine {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		path := socket
		if root != "" {
			var err error
			if path, err = securejoin.SecureJoin(root, socket); err != nil {
				return nil, err
			}
		}
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	return &Engine{
		client: &http.Client{
			Transport:     &http.Transport{DialContext: dial, MaxIdleConns: lookupsAtOnce, MaxIdleConnsPerHost: lookupsAtOnce, IdleConnTimeout: time.Minute},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		token:  rand.Text(),
		places: make(chan struct{}, lookupsAtOnce),
	}
}

// inspect gets an object by its collection and its name, and decodes it.
func (e *Engine) inspect(ctx context.Context, collection, name, suffix string, into any) error {
	body, err := e.ask(ctx, http.MethodGet, "/"+collection+"/"+url.PathEscape(name)+suffix)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("reading the engine's answer: %w", err)
	}
	return nil
}

// ask shares the answer to a question with others who ask it now.
func (e *Engine) ask(ctx context.Context, method, target string) ([]byte, error) {
	answer := e.questions.do(method+" "+target, func() ([]byte, error) {
		// Others may wait for this answer, so that it does not end with ctx.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
		defer cancel()
		body, err := e.send(ctx, method, target)
		e.lookups.count(err)
		return body, err
	})
	select {
	case <-answer.done:
		return answer.body, answer.err
	case <-ctx.Done():
		return nil, fmt.Errorf("asking the engine: %w", ctx.Err())
	}
}

func (e *Engine) get(ctx context.Context, target string) ([]byte, error) {
	return e.send(ctx, http.MethodGet, target)
}

// send returns what the engine answers: a body, or to HEAD the state of a path.
func (e *Engine) send(ctx context.Context, method, target string) ([]byte, error) {
	select {
	case e.places <- struct{}{}:
		defer func() { <-e.places }()
	case <-ctx.Done():
		return nil, errors.New("asking the engine: too many look-ups at once")
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://engine"+target, nil)
	if err != nil {
		return nil, fmt.Errorf("asking the engine: %w", err)
	}
	mark, asked := rand.Text(), new(atomic.Bool)
	e.under.Store(mark, asked)
	defer e.under.Delete(mark)
	req.Header.Set(TokenHeader, e.token+mark)
	resp, err := e.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the engine: %w", withoutURL(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the engine's answer: %w", err)
	case resp.StatusCode == http.StatusForbidden:
		return nil, errors.New("asking the engine: it answers 403 Forbidden; an authorization plugin before Bulwark may deny it")
	case e.asker && !asked.Load():
		return nil, fmt.Errorf("asking the engine: %w", errOther)
	case resp.StatusCode == http.StatusNotFound:
		return nil, errNotFound
	case resp.StatusCode == http.StatusBadRequest:
		return nil, errNotTaken
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("asking the engine: it answers %s", resp.Status)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("reading the engine's answer: it is larger than %d MiB", maxAnswer>>20)
	case method == http.MethodHead:
		return []byte(resp.Header.Get(pathStateHeader)), nil
	}
	return body, nil
}

// withoutURL drops the request line that net/http puts before an error.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
