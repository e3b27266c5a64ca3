package plugin

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func TestActivate(t *testing.T) {
	a, _ := newTestAuthorizer(t, nil)
	e := start(t, a)
	resp, err := e.http.Post("http://plugin/Plugin.Activate", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != `{"Implements": ["authz"]}`+"\n" {
		t.Errorf("answer %s, error %v", body, err)
	}
	if got := resp.Header.Get("Content-Type"); got != "application/vnd.docker.plugins.v1.1+json" {
		t.Errorf("Content-Type %s", got)
	}
}

func TestAnswersOverTheSocket(t *testing.T) {
	a, _ := newTestAuthorizer(t, func(_ context.Context, doc input.Document) (policy.Decision, error) {
		switch doc.Method {
		case "GET":
			return policy.Decision{Allow: true}, nil
		case "POST":
			return policy.Decision{Violations: []policy.Violation{{Rule: "read_only", Msg: "changes nothing"}}}, nil
		}
		return policy.Decision{}, errors.New("no such method")
	})
	e := start(t, a)

	status, answer := e.ask(t, strings.NewReader(`{"RequestMethod":"GET","RequestUri":"/info"}`))
	if status != http.StatusOK || answer != (authorization.Response{Allow: true}) {
		t.Errorf("status %d, answer %+v", status, answer)
	}
	status, answer = e.ask(t, strings.NewReader(`{"RequestMethod":"POST","RequestUri":"/info"}`))
	if status != http.StatusOK || answer.Allow || answer.Err != "" || !strings.HasPrefix(answer.Msg, "read_only: changes nothing\n(decision ") {
		t.Errorf("status %d, answer %+v", status, answer)
	}
	status, answer = e.ask(t, strings.NewReader(`{"RequestMethod":"PUT","RequestUri":"/info"}`))
	checkRefused(t, status, answer, "no such method")
}

func TestPanicOutsideTheDecisionIsRefused(t *testing.T) {
	a, log := newTestAuthorizer(t, allowAll)
	close(a.work) // entering it panics
	e := start(t, a)
	status, answer := e.ask(t, bytes.NewReader(encoded(t, createRequest)))
	checkRefused(t, status, answer, "a fault in Bulwark")
	e.end()
	if decisions, messages := log.closed(t); len(decisions) != 1 || len(messages) != 1 {
		t.Errorf("decisions %v, messages %v", decisions, messages)
	}
}

func TestResponsesPassUnread(t *testing.T) {
	a, log := newTestAuthorizer(t, nil)
	e := start(t, a)
	response := fmt.Sprintf(`{"RequestMethod":"GET","RequestUri":"/x","ResponseBody":%q}`,
		base64.StdEncoding.EncodeToString(make([]byte, 16<<20)))
	for name, body := range map[string]string{"large": response, "empty": "", "broken": "{"} {
		t.Run(name, func(t *testing.T) {
			status, answer, err := e.call(authorization.AuthZApiResponse, strings.NewReader(body))
			if err != nil || status != http.StatusOK || answer != (authorization.Response{Allow: true}) {
				t.Errorf("status %d, answer %+v, error %v", status, answer, err)
			}
		})
	}
	e.end()
	if decisions, _ := log.closed(t); len(decisions) != 0 {
		t.Errorf("responses were logged as decisions: %v", decisions)
	}
}

func TestUnknownCallsFail(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	resp, err := e.http.Post("http://plugin/AuthZPlugin.AuthZReqs", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestManyRequestsAtOnce(t *testing.T) {
	a, log := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	body := encoded(t, createRequest)
	var group sync.WaitGroup
	const clients, requests = 16, 20
	for range clients {
		group.Go(func() {
			for range requests {
				status, answer, err := e.call(authorization.AuthZApiRequest, bytes.NewReader(body))
				if err != nil || status != http.StatusOK || !answer.Allow {
					t.Errorf("status %d, answer %+v, error %v", status, answer, err)
				}
			}
		})
	}
	group.Wait()
	e.end()
	if decisions, _ := log.closed(t); len(decisions) != clients*requests {
		t.Errorf("%d decisions logged, want %d", len(decisions), clients*requests)
	}
}

func TestStopAnswersWhatWasAsked(t *testing.T) {
	asked, stopped := make(chan struct{}), make(chan struct{})
	a, _ := newTestAuthorizer(t, func(context.Context, input.Document) (policy.Decision, error) {
		close(asked)
		<-stopped
		return policy.Decision{Allow: true}, nil
	})
	e := start(t, a)
	answers := make(chan authorization.Response, 1)
	go func() {
		_, answer, err := e.call(authorization.AuthZApiRequest, bytes.NewReader(encoded(t, createRequest)))
		if err != nil {
			t.Error(err)
		}
		answers <- answer
	}()
	<-asked
	e.stop()
	for { // until the socket is gone
		conn, err := net.Dial("unix", e.socket)
		if err != nil {
			break
		}
		_ = conn.Close()
		time.Sleep(time.Millisecond)
	}
	close(stopped)
	if answer := <-answers; !answer.Allow {
		t.Errorf("answer %+v", answer)
	}
}

func TestServerComplaintsAreLogged(t *testing.T) {
	a, log := newTestAuthorizer(t, nil)
	newServer(a).ErrorLog.Print("http: something odd")
	_, messages := log.closed(t)
	if len(messages) != 1 || messages[0]["msg"] != "http: something odd" || messages[0]["level"] != "warning" {
		t.Errorf("messages %v", messages)
	}
}

// TestFaultInTheLogChangesNoAnswer: by then it has been given.
func TestFaultInTheLogChangesNoAnswer(t *testing.T) {
	a, log := newTestAuthorizer(t, allowAll)
	a.counts = nil // counting panics
	e := start(t, a)
	for range 2 {
		if status, answer := e.ask(t, bytes.NewReader(encoded(t, createRequest))); status != http.StatusOK || !answer.Allow {
			t.Errorf("status %d, answer %+v", status, answer)
		}
	}
	e.end()
	decisions, messages := log.closed(t)
	if len(decisions) != 2 || len(messages) != 2 || !strings.HasPrefix(messages[0]["msg"], "logging the decision "+decisions[0].DecisionID+", which was to allow: panic: ") {
		t.Errorf("logged %+v and %v", decisions, messages)
	}
}
