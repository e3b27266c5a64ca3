package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/docker/go-plugins-helpers/sdk"
	"github.com/sirupsen/logrus"
)

const (
	// The engine may connect a little before it has something to ask. This is
	// longer than any answer takes, and in force until then, for the first
	// request from when the engine has connected on.
	readTimeout    = 2 * bodyTimeout
	maxHeaderBytes = 16 << 10 // the engine's own header is a few lines
	// The engine keeps two connections open for good. Closing one in the very
	// moment of a new request loses that request, so this is long.
	idleTimeout = time.Hour
	// The engine gives a plugin that it stops ten seconds.
	shutdownTimeout = 8 * time.Second
)

// manifest is what the engine reads to learn what the plugin implements.
const manifest = `{"Implements": ["` + authorization.AuthZApiImplements + `"]}`

// Serve answers the engine on listener until ctx ends, and then answers what
// it was asked before.
func Serve(ctx context.Context, listener net.Listener, authorizer *Authorizer) error {
	server := newServer(authorizer)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("answering on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("finishing the last requests: %w", err)
	}
	return nil
}

func newServer(authorizer *Authorizer) *http.Server {
	h := &handler{authorizer: authorizer, large: make(gate, largeAtOnce)}
	mux := http.NewServeMux()
	mux.HandleFunc("/Plugin.Activate", h.activate)
	mux.HandleFunc("/"+authorization.AuthZApiRequest, h.authZReq)
	mux.HandleFunc("/"+authorization.AuthZApiResponse, h.authZRes)
	mux.HandleFunc("GET "+StatusPath, authorizer.serveStatus)
	mux.HandleFunc("GET "+MetricsPath, authorizer.serveMetrics)
	return &http.Server{
		Handler:        mux,
		ReadTimeout:    readTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		IdleTimeout:    idleTimeout,
		ErrorLog:       log.New(warnings{authorizer.log.Logger()}, "", 0),
	}
}

// handler speaks the plugin protocol. It replaces the one of
// go-plugins-helpers, which goes on with half a request when it cannot read
// the whole, and has no limits.
type handler struct {
	authorizer *Authorizer
	large      gate
}

func (h *handler) activate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", sdk.DefaultContentTypeV1_1)
	_, _ = io.WriteString(w, manifest+"\n")
}

func (h *handler) authZReq(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	say := func(response authorization.Response) { reply(w, response) }
	defer func() {
		if cause := recover(); cause != nil {
			h.authorizer.answer(started, &verdict{err: newPanicError(cause)}, say)
		}
	}()
	if isLarge(r) {
		ctx, cancel := context.WithTimeout(r.Context(), bodyTimeout)
		defer cancel()
		if !h.large.enter(ctx) {
			h.authorizer.answer(started, &verdict{err: errBusy}, say)
			return
		}
		defer h.large.leave()
	}
	envelope, release, err := readEnvelope(w, r)
	defer release()
	settled := h.authorizer.settled.Load() // before the decision, which may be one of a newer policy
	if v := settled.find(envelope); err == nil && v != nil {
		h.authorizer.answer(started, v, say)
		return
	}
	var req authorization.Request
	if err == nil {
		req, err = decodeRequest(envelope)
	}
	if err != nil {
		h.authorizer.answer(started, &verdict{err: err}, say)
		return
	}
	v := h.authorizer.verdict(req)
	settled.keep(envelope, req, v)
	h.authorizer.answer(started, v, say)
}

func (h *handler) authZRes(w http.ResponseWriter, r *http.Request) {
	// Unread, but taken, so that the engine can go on to read the answer.
	_, _ = io.Copy(io.Discard, newSteadyBody(w, r))
	reply(w, h.authorizer.AuthZRes(authorization.Request{}))
}

var (
	contentType = []string{sdk.DefaultContentTypeV1_1}
	allowed     = []byte(`{"Allow":true}` + "\n")
)

// reply sends an answer, and all of it: what is done afterwards keeps nobody
// waiting. The engine takes the reason of a refusal only from an answer whose
// status is not 200; with 200 it would show an empty one.
func reply(w http.ResponseWriter, response authorization.Response) {
	body := allowed
	if response != (authorization.Response{Allow: true}) {
		body, _ = json.Marshal(response) // texts always encode
		body = append(body, '\n')
	}
	w.Header()["Content-Type"] = contentType
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	if response.Err != "" {
		w.WriteHeader(http.StatusInternalServerError)
	}
	_, _ = w.Write(body) // an engine that is gone needs none
	_ = http.NewResponseController(w).Flush()
}

// warnings logs what net/http has to say.
type warnings struct{ logger *logrus.Logger }

func (w warnings) Write(line []byte) (int, error) {
	w.logger.Warn(strings.TrimSpace(string(line)))
	return len(line), nil
}
