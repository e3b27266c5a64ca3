// Package judge decides on requests outside the plugin, as the plugin would.
package judge

import (
	"context"

	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Request judges one request. A nil gatherer looks nothing up.
func Request(ctx context.Context, engine *policy.Engine, gatherer *facts.Gatherer, req input.Request) (input.Document, policy.Decision, error) {
	doc := input.FromRequest(req)
	gatherer.Gather(ctx, &doc)
	decision, err := engine.Decide(ctx, doc)
	return doc, decision, err
}
