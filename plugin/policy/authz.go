package policy

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// AuthzRule is the name of a policy written for opa-docker-authz.
const AuthzRule = policies.AuthzRule

// authz is a policy written for opa-docker-authz, which must allow as well.
type authz struct{ query rego.PreparedEvalQuery }

// newAuthz returns nil when the site has no such policy.
func newAuthz(bundle *policies.Bundle) (*authz, error) {
	compiler, err := bundle.CompileAuthz()
	if compiler == nil || err != nil {
		return nil, err
	}
	query, err := rego.New(rego.Query(policies.AuthzEntrypoint), rego.Compiler(compiler), rego.StrictBuiltinErrors(true),
		rego.Store(inmem.NewFromObject(map[string]any{"site": bundle.Data()}))).
		PrepareForEval(context.Background())
	if err != nil {
		return nil, fmt.Errorf("preparing the package docker.authz: %w", err)
	}
	return &authz{query: query}, nil
}

// authzMetadata is what a rule of its own would say about itself.
var authzMetadata = policies.Rule{
	Name: AuthzRule, Site: true, Title: "Not allowed by the policy written for opa-docker-authz",
	Description: "A policy of the package docker.authz, in the folder rules. It must allow each request, as well as the rules.",
	Custom: policies.Custom{
		Severity: "high", Operations: []string{policies.EveryOperation}, Remediation: "ask an administrator of the host what that policy allows",
	},
}

// Authz is a policy written for opa-docker-authz as if it were a rule, false
// without one.
func (e *Engine) Authz() (Rule, bool) {
	if e.authz == nil {
		return Rule{}, false
	}
	return Rule{Rule: authzMetadata, Enforcement: e.settings.enforcement(policies.Rule{}, Enforcement(e.settings.Rules[AuthzRule].Enforcement))}, true
}

// denies says why the policy does not allow a request, "" when it does. What
// is neither true nor an object in which allow is true does not allow. The
// error is that ctx has ended.
func (a *authz) denies(ctx context.Context, doc input.Document) (string, error) {
	value, err := authzInput(doc)
	if err != nil {
		return "the policy in the package docker.authz cannot be asked: " + err.Error(), nil
	}
	results, err := inTime(ctx, func(ctx context.Context) (rego.ResultSet, error) {
		return a.query.Eval(ctx, rego.EvalParsedInput(value))
	})
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "the policy in the package docker.authz failed: " + err.Error(), nil
	case len(results) != 1:
		return authzDenies, nil
	}
	switch result := results[0].Expressions[0].Value.(type) {
	case bool:
		if result {
			return "", nil
		}
	case map[string]any:
		if allow, _ := result["allow"].(bool); allow {
			return "", nil
		}
		msg, _ := result["msg"].(string)
		message, _ := result["message"].(string)
		reason, _ := result["reason"].(string)
		return cmp.Or(msg, message, reason, authzDenies), nil
	}
	return authzDenies, nil
}

const authzDenies = "the policy in the package docker.authz does not allow the request"

// authzBind is a bind mount as opa-docker-authz shows it. Resolved is the source
// itself where nobody knows what it leads to: the engine makes what is missing,
// and the rule failed_lookup denies what could not be looked up.
type authzBind struct {
	Source, Resolved string
	ReadOnly         bool
}

// authzInput is the input of opa-docker-authz (main.go, makeInput), filled
// with what the engine will do and not with how it was spelled: the path is
// decoded and has no query, the body has the engine's names and is there
// whatever the Content-Type says.
func authzInput(doc input.Document) (ast.Value, error) {
	path := doc.Path
	if doc.APIVersion != "" {
		path = "/v" + doc.APIVersion + path
	}
	binds := []authzBind{}
	if doc.Container != nil {
		for _, mount := range doc.Container.Mounts {
			if mount.Type == "bind" {
				binds = append(binds, authzBind{
					Source: mount.Source, ReadOnly: mount.ReadOnly, Resolved: cmp.Or(doc.Facts.Paths[mount.Source].Resolved, mount.Source),
				})
			}
		}
	}
	return ast.InterfaceToValue(map[string]any{
		"Method": doc.Method, "Path": path, "PathPlain": path, "PathArr": strings.Split(path, "/"), "Query": doc.Query,
		"Headers": doc.Headers, "Body": doc.Body, "User": doc.User.Name, "AuthMethod": doc.User.Method, "BindMounts": binds,
	})
}
