package policies

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// AuthzEntrypoint is the decision of a policy written for opa-docker-authz.
const AuthzEntrypoint = "data.docker.authz.allow"

var authzRef = ast.MustParseRef("data.docker.authz")

// parseAuthz parses a file of the package docker.authz, or of one below it, in
// whichever version of Rego it is written; nil means that it is not one.
func parseAuthz(name string, text []byte) *ast.Module {
	for _, version := range []ast.RegoVersion{ast.RegoV1, ast.RegoV0} {
		module, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{RegoVersion: version})
		if err == nil && module != nil && module.Package.Path.HasPrefix(authzRef) {
			return module
		}
	}
	return nil
}

// holdsAuthz reports whether a folder under rules has such a file.
func (b *Bundle) holdsAuthz(site Site, folder string) bool {
	for file := range b.authz {
		if strings.HasPrefix(file, "rules/"+folder+"/") {
			return true
		}
	}
	return false
}

// HasAuthz reports whether there is a policy written for opa-docker-authz.
func (b *Bundle) HasAuthz() bool { return len(b.authz) > 0 }

// CompileAuthz compiles what was written for opa-docker-authz, nil without
// any. It has the built-in functions of our rules and none of their strictness:
// what is undefined does not allow.
func (b *Bundle) CompileAuthz() (*ast.Compiler, error) {
	if len(b.authz) == 0 {
		return nil, nil
	}
	capabilities, err := capabilities()
	if err != nil {
		return nil, err
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities)
	if compiler.Compile(b.authz); compiler.Failed() {
		return nil, placed(compiler.Errors)
	}
	if len(compiler.GetRulesExact(ast.MustParseRef(AuthzEntrypoint))) == 0 {
		for _, module := range b.authz {
			return nil, fmt.Errorf("%s: a policy of the package docker.authz needs a rule `allow`", module.Package.Location.File)
		}
	}
	return compiler, nil
}
