package facts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// idPrefix is what the engine takes for the beginning of an id when no
// container has that name.
var idPrefix = regexp.MustCompile(`^[0-9a-f]{1,63}$`)

// namesakes are the ids of other containers than one that begin with its name.
// Whoever renames it in the moment between the look-up and the act has the
// engine act on one of them.
func (g *Gatherer) namesakes(ctx context.Context, name, id string) ([]string, error) {
	if !idPrefix.MatchString(name) {
		return nil, nil
	}
	// Not with a filter: the engine leaves out several that have one beginning.
	body, err := g.engine.ask(ctx, http.MethodGet, "/containers/json?all=1")
	if err != nil {
		return nil, err
	}
	var list []struct {
		ID string `json:"Id"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("reading the engine's answer: %w", err)
	}
	var others []string
	for _, other := range list {
		if other.ID != id && strings.HasPrefix(other.ID, name) {
			others = append(others, other.ID)
		}
	}
	return others, nil
}

// errNamesake tells how to be understood.
var errNamesake = errors.New("its name is the beginning of another container's id, too; name it by its own id")

// addNamesakes adds what a container's namesakes may do to what it may do.
func (g *Gatherer) addNamesakes(ctx context.Context, name string, fact *input.ContainerFact) error {
	ids, err := g.namesakes(ctx, name, fact.ID)
	if err != nil {
		return err
	}
	ids, rest := few(ids)
	if len(rest) > 0 {
		return errNamesake
	}
	for _, id := range ids {
		answer, other := g.askContainer(ctx, id)
		switch {
		case other.State == input.Missing: // it is gone since
		case other.State == input.Unknown:
			return errors.New(other.Reason)
		default:
			if err := g.addVolumePaths(ctx, answer, &other); err != nil {
				return err
			}
			fact.AddPowers(other)
		}
	}
	return nil
}

// askOnly is askContainer for what cannot be judged by the powers of several.
func (g *Gatherer) askOnly(ctx context.Context, name string) (containerAnswer, input.ContainerFact) {
	answer, fact := g.askContainer(ctx, name)
	if fact.State != input.Found {
		return answer, fact
	}
	ids, err := g.namesakes(ctx, name, answer.ID)
	if err == nil && len(ids) > 0 {
		err = errNamesake
	}
	if err != nil {
		return answer, unknownContainer(err.Error())
	}
	return answer, fact
}
