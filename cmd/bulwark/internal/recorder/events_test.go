package recorder

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// TestEventsSince is for a container that ends before its client listens.
func TestEventsSince(t *testing.T) {
	r, _, do := start(t, nil)
	before := time.Now()
	r.Take(t.Context(), input.Request{Method: "POST", URI: "/containers/create?name=web", Body: []byte(`{"Image":"busybox"}`)})
	do("POST", "/containers/web/start", "")
	do("POST", "/containers/web/stop", "")
	at := func(t time.Time) string { return fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond()) }
	for since, want := range map[string]string{at(before): "create start die", at(time.Now()): "", "": ""} {
		_, answer := do("GET", "/events?since="+since+"&until="+at(time.Now()), "")
		var actions []string
		for line := range strings.Lines(answer) {
			var event struct{ Action string }
			if err := json.Unmarshal([]byte(line), &event); err != nil {
				t.Fatal(err)
			}
			actions = append(actions, event.Action)
		}
		if got := strings.Join(actions, " "); got != want {
			t.Errorf("since %q: %q, want %q", since, got, want)
		}
	}
}

// TestEventsEnd is what docker compose up waits for.
func TestEventsEnd(t *testing.T) {
	r, _, _ := start(t, nil)
	create := func(name, service, dependsOn string) {
		labels := `{"com.docker.compose.project":"p","com.docker.compose.service":"` + service + `","com.docker.compose.depends_on":"` + dependsOn + `"}`
		r.Take(t.Context(), input.Request{Method: "POST", URI: "/containers/create?name=" + name, Headers: map[string]string{"Content-Type": "application/json"},
			Body: []byte(`{"Image":"busybox","Labels":` + labels + `}`)})
	}
	create("job", "job", "")
	create("web", "web", "db:service_started:true,job:service_completed_successfully:false")
	for _, name := range []string{"job", "web"} {
		r.Take(t.Context(), input.Request{Method: "POST", URI: "/containers/" + name + "/start"})
	}
	if status := r.world.inspect("job")["State"].(object)["Status"]; status != exited {
		t.Errorf("what another service waits for to end is %s", status)
	}
	if status := r.world.inspect("web")["State"].(object)["Status"]; status != running {
		t.Errorf("a service is %s", status)
	}
	r.world.ended(t.Context(), "web") // by itself, once nothing more is asked for
	events, _ := r.world.eventsFrom(0)
	var actions []string
	for _, event := range events {
		text, _ := json.Marshal(event)
		if !(filters{"label": {"com.docker.compose.project=p"}, "type": {"container"}}).matchEvent(event) {
			t.Errorf("not matched: %s", text)
		}
		actions = append(actions, event["Action"].(string))
	}
	if got := strings.Join(actions, " "); got != "create create start die start die" {
		t.Errorf("events: %s", got)
	}
}
