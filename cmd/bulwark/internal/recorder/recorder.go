// Package recorder is a Docker Engine that carries nothing out. A real client
// talks to it on a private socket: what the client asks for is judged and
// remembered, and answered as if it had been done, so that the client goes on
// to what it would ask for next. Reading is left to the host's own engine.
package recorder

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"sync/atomic"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// quiet is how long a client must have asked for nothing before what it
// started ends by itself: a client such as docker compose up waits for that.
const quiet = 2 * time.Second

// Verdict is what a judge says of a request.
type Verdict struct {
	Doc   input.Document
	Allow bool
	// Message is what the client would read when the request is not allowed.
	Message string
}

// Judge judges the requests of a client.
type Judge interface {
	// Own reports whether a request is a look-up of the judge itself.
	Own(method string, headers map[string]string) bool
	// Judge judges a request. One that is provisional fails before the engine
	// would do anything, and is judged anew when it is sent again.
	Judge(ctx context.Context, req input.Request, provisional bool) Verdict
}

// Recorder is an engine that carries nothing out.
type Recorder struct {
	judge  Judge
	engine *httputil.ReverseProxy // nil: there is none to read from
	client *http.Client
	world  *world
	asked  atomic.Int64
	// last is when something was last asked for, in nanoseconds.
	last atomic.Int64
}

// New returns a recorder that reads from the engine on a unix socket, "" for
// none.
func New(engine string, judge Judge) *Recorder {
	r := &Recorder{judge: judge, world: newWorld()}
	r.touch()
	if engine != "" {
		r.client, r.engine = connect(engine)
	}
	return r
}

// Serve answers on a listener until ctx ends, and closes it.
func (r *Recorder) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: r, ReadHeaderTimeout: time.Minute, BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	go r.endWhenQuiet(ctx)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Asked is how many requests of any kind came from clients so far.
func (r *Recorder) Asked() int64 { return r.asked.Load() }

// Take judges a request that no client sent, and remembers what it asks for.
// Its images count as pulled.
func (r *Recorder) Take(ctx context.Context, req input.Request) {
	if doc := input.FromRequest(req); doc.Container != nil && !r.hasImage(ctx, doc.Container.Image.Value) {
		r.world.pull(doc.Container.Image.Value)
	}
	r.effect(r.judge.Judge(ctx, req, false).Doc, req.Body)
}

// Assumed are the images that only the recorder has, in full.
func (r *Recorder) Assumed() []string { return r.world.imageNames() }

// Called is what a person calls the container of an id, or that of a process;
// "" when the recorder does not know it.
func (r *Recorder) Called(id string) (name string) {
	r.world.change(r.world.containerOf(id), func(c *container) { name = c.called() })
	return name
}

// Hold makes a container known, given as docker inspect prints it, and returns
// its id. An image that the engine does not have counts as pulled under the
// name that the container has for it.
func (r *Recorder) Hold(ctx context.Context, inspected map[string]any) string {
	id, _ := inspected["Image"].(string)
	name, _ := member(inspected, "Config")["Image"].(string)
	if !r.hasImage(ctx, id) {
		r.world.pullAs(name, id)
	}
	return r.world.hold(inspected)
}

func (r *Recorder) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	req := describe(hr)
	doc := input.FromRequest(req)
	if r.judge.Own(req.Method, req.Headers) {
		r.read(w, hr, doc, true)
		return
	}
	r.asked.Add(1)
	if isRead(doc) {
		if v := r.judge.Judge(hr.Context(), req, false); !v.Allow {
			send(w, answer{status: http.StatusForbidden, body: message(v.Message)})
			return
		}
		r.read(w, hr, doc, false)
		return
	}
	r.touch()
	if doc.Operation == "ContainerCreate" && doc.Container != nil && !r.hasImage(hr.Context(), doc.Container.Image.Value) {
		// The client pulls it and asks again.
		r.judge.Judge(hr.Context(), req, true)
		send(w, answer{status: http.StatusNotFound, body: message("No such image: " + doc.Container.Image.Value)})
		return
	}
	r.adopt(hr.Context(), doc)
	v := Verdict{Doc: doc, Allow: true}
	if !following[doc.Operation] || !r.world.isRefused(doc.Object) {
		v = r.judge.Judge(hr.Context(), req, false)
	}
	done := r.effect(v.Doc, req.Body)
	if made, _ := done.body.(object); doc.Operation == "ContainerCreate" && !v.Allow {
		r.world.refuse(made["Id"])
	}
	r.touch()
	r.respond(w, hr, v.Doc, done)
}

// following are operations that a client goes on to once it has a container.
// They are not judged where no engine would have made it.
var following = map[string]bool{
	"ContainerAttach": true, "ContainerDelete": true, "ContainerKill": true, "ContainerResize": true, "ContainerRestart": true,
	"ContainerStart": true, "ContainerStop": true, "ContainerWait": true,
}

// isRead reports whether a request only reads. A request that no engine knows
// is not forwarded to one.
func isRead(doc input.Document) bool {
	return (doc.Method == http.MethodGet || doc.Method == http.MethodHead) &&
		doc.Operation != "ContainerAttachWebsocket" && doc.Operation != ""
}

func (r *Recorder) touch() { r.last.Store(time.Now().UnixNano()) }

// endWhenQuiet ends the containers that run once the client asks for nothing
// more.
func (r *Recorder) endWhenQuiet(ctx context.Context) {
	tick := time.NewTicker(quiet / 8)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if time.Since(time.Unix(0, r.last.Load())) > quiet {
				r.world.endAll()
			}
		}
	}
}
