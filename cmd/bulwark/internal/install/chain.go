package install

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/daemonjson"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

const (
	reloadTimeout = 20 * time.Second
	reloadPoll    = 200 * time.Millisecond
	probeTimeout  = 3 * time.Second // a question that reached a plugin which hangs must not use up the rest
)

// apply gives the engine a daemon.json, makes it reload, and waits until it asks Bulwark about every
// request, or no longer does, as the document says. A nil doc removes the file.
func (h *host) apply(ctx context.Context, doc []byte) error {
	names, err := daemonjson.Plugins(doc)
	if err != nil {
		return err
	}
	wanted := daemonjson.Lists(names, h.plugin)
	if wanted {
		if err := h.mustBeEnabled(ctx); err != nil {
			return err
		}
	}
	if err := replaceFile(h.daemonJSON, doc); err != nil {
		return err
	}
	if err := h.process.Reload(); err != nil {
		return err
	}
	return h.wait(ctx, wanted)
}

// mustBeEnabled guards the engine: it ends when daemon.json lists a plugin that is not running.
func (h *host) mustBeEnabled(ctx context.Context) error {
	plugin, err := h.client.InspectPlugin(ctx, h.plugin)
	if err != nil {
		return err
	}
	if plugin == nil || !plugin.Enabled {
		return fmt.Errorf("plugin %s is not running in the engine, so it must not be listed in %s", h.plugin, h.daemonJSON)
	}
	return nil
}

func (h *host) wait(ctx context.Context, wanted bool) error {
	ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	state := h.inactive
	verb := "leave out"
	if wanted {
		state, verb = h.ready, "ask"
	}
	for {
		last := state(ctx)
		if last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return hint.Wrap(fmt.Errorf("waiting for the engine to %s Bulwark after a reload: %w", verb, last),
				"the engine's log says why (journalctl -u docker, or where dockerd writes)")
		case <-time.After(reloadPoll):
		}
	}
}

// probe asks for what Bulwark never allows and what does no harm where Bulwark is not asked: to set
// nothing on itself.
func (h *host) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return h.client.SetPlugin(ctx, h.plugin, []string{})
}

// ready returns nil once Bulwark answers: it denies the probe and lets a harmless question pass.
func (h *host) ready(ctx context.Context) error {
	answer := h.probe(ctx)
	if _, denied := engine.DeniedBy(answer, h.plugin); !denied {
		return fmt.Errorf("the engine does not ask Bulwark, or gets no answer (its answer: %w)", orNone(answer))
	}
	_, err := h.client.Info(ctx)
	return err
}

// inactive returns nil once the engine answers the probe by itself.
func (h *host) inactive(ctx context.Context) error {
	answer := h.probe(ctx)
	_, denied := engine.DeniedBy(answer, h.plugin)
	var own *engine.Error
	if denied || engine.FailedIn(answer, h.plugin) || (answer != nil && !errors.As(answer, &own)) {
		return answer
	}
	return nil
}

func orNone(answer error) error {
	if answer == nil {
		return errors.New("success")
	}
	return answer
}
