package policy

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// privileged is a request that one rule of the baseline denies.
func privileged() input.Document {
	doc := harmless()
	doc.Container.Privileged = input.Flag{Value: true, Field: "HostConfig.Privileged"}
	return doc
}

// harmless is a ContainerCreate that every rule of the baseline lets pass.
func harmless() input.Document {
	return input.FromRequest(input.Request{
		Method:  "POST",
		URI:     "/v1.41/containers/create",
		Headers: map[string]string{"Content-Type": "application/json"},
		Body:    []byte(`{"Image":"busybox","User":"1000:1000","HostConfig":{"NetworkMode":"none"}}`),
	})
}

func TestDecide(t *testing.T) {
	engine := newTestEngine(t, Settings{})
	allowed := decide(t, engine, harmless())
	if !allowed.Allow || allowed.Message() != "" {
		t.Errorf("harmless request: %+v", allowed)
	}
	denied := decide(t, engine, privileged())
	if denied.Allow || len(denied.Violations) != 1 {
		t.Fatalf("privileged request: %+v", denied)
	}
	want := Violation{
		Rule:     "privileged",
		Field:    "HostConfig.Privileged",
		Msg:      "the container would have all of the host's powers (HostConfig.Privileged is true)",
		Fix:      "drop --privileged, and add with --cap-add or --device only what the container needs",
		Severity: "critical",
		Title:    "Privileged container",
	}
	if denied.Violations[0] != want {
		t.Errorf("got  %+v\nwant %+v", denied.Violations[0], want)
	}
}

func TestDecideIsSafeForConcurrentUse(t *testing.T) {
	engine := newTestEngine(t, Settings{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if d, err := engine.Decide(context.Background(), privileged()); err != nil || d.Allow {
					t.Errorf("decision %+v, error %v", d, err)
				}
			}
		})
	}
	group.Wait()
}

func TestZeroDecisionDenies(t *testing.T) {
	if (Decision{}).Allow {
		t.Error("the zero Decision allows")
	}
}

func TestZeroDocumentIsDenied(t *testing.T) {
	decision := decide(t, newTestEngine(t, Settings{}), input.Document{})
	if decision.Allow {
		t.Errorf("a request about which nothing is known is allowed: %+v", decision)
	}
}

// TestOnlyClaimedOperations: a rule is asked about the operations it names.
func TestOnlyClaimedOperations(t *testing.T) {
	doc := privileged()
	doc.Operation, doc.Risk = "ContainerWait", input.RiskLow
	if decision := decide(t, newTestEngine(t, Settings{}), doc); !decision.Allow {
		t.Errorf("%+v", decision)
	}
}

func TestCancelledDecisionIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	decision, err := newTestEngine(t, Settings{}).Decide(ctx, harmless())
	if !errors.Is(err, context.Canceled) || decision.Allow {
		t.Errorf("decision %+v, error %v; want that it was cancelled", decision, err)
	}
}

// endless is the body of a rule that goes on for hours.
const endless = `all := split("0123456789abcdefghijklmnopqrstuvwxyz", "")
	some a in all
	some b in all
	some c in all
	some d in all
	some e in all
	some f in all
	concat("", [a, b, c, d, e, f]) == "-"`

// TestSlowRuleIsInterrupted: the deadline ends a rule that goes on for long,
// and what it had found until then is no decision.
func TestSlowRuleIsInterrupted(t *testing.T) {
	bundle, err := policies.Read(withRule(t, `deny contains {"field": "", "msg": "x"} if {`+"\n\t"+endless+"\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := newEngine(bundle, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	started := time.Now()
	decision, err := engine.Decide(ctx, harmless())
	if err == nil || decision.Allow {
		t.Errorf("decision %+v, error %v; want an error", decision, err)
	}
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

func newTestEngine(t *testing.T, settings Settings) *Engine {
	t.Helper()
	engine, err := New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func decide(t *testing.T, engine *Engine, doc input.Document) Decision {
	t.Helper()
	decision, err := engine.Decide(context.Background(), doc)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}
