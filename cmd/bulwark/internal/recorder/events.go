package recorder

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// follow sends the events of containers that happened since the time that the
// client names, and goes on as they happen, until another such time.
func (r *Recorder) follow(w http.ResponseWriter, hr *http.Request, doc input.Document) {
	ctx := hr.Context()
	if until, named := moment(parameter(doc, "until")); named {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, until)
		defer cancel()
	}
	since, named := moment(parameter(doc, "since"))
	if !named {
		since = time.Now()
	}
	n := r.world.eventsSince(since)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	out, encoder, wanted := http.NewResponseController(w), json.NewEncoder(w), filtersOf(doc)
	for {
		events, changed := r.world.eventsFrom(n)
		for _, event := range events {
			if wanted.matchEvent(event) && encoder.Encode(event) != nil {
				return
			}
		}
		n += len(events)
		if out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// moment reads a time as clients write it: seconds, with a fraction or without.
func moment(text string) (time.Time, bool) {
	seconds, fraction, _ := strings.Cut(text, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	nanos, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64) // 0 for what is no number
	return time.Unix(s, nanos), true
}
