package policies

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// AuthzRule is the name under which a policy written for opa-docker-authz
// denies, and under which the settings can put it to dryrun or off.
const AuthzRule = "docker_authz"

// AuthzEntrypoint is the decision of a policy written for opa-docker-authz.
const AuthzEntrypoint = "data.docker.authz.allow"

var authzRef = ast.MustParseRef("data.docker.authz")

var authzPackage = regexp.MustCompile(`(?m)^package\s+docker\.authz\b`)

// isAuthz reports whether a file is of the package docker.authz, or of one below.
func isAuthz(text []byte) bool { return authzPackage.Match(text) }

// parseAuthz parses a file in whichever version of Rego it is written. The error
// is that of the version that can read more of it.
func parseAuthz(name, text string) (*ast.Module, error) {
	module, err := ast.ParseModuleWithOpts(name, text, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		old, oldErr := ast.ParseModuleWithOpts(name, text, ast.ParserOptions{RegoVersion: ast.RegoV0})
		if oldErr == nil || lineOf(oldErr) >= lineOf(err) {
			module, err = old, oldErr
		}
	}
	if err == nil && !module.Package.Path.HasPrefix(authzRef) {
		err = fmt.Errorf("%s: the package must be docker.authz, or one below it", place(module.Package.Location))
	}
	return module, err
}

func lineOf(err error) int {
	var all ast.Errors
	if !errors.As(err, &all) || all[0].Location == nil {
		return 0
	}
	return all[0].Location.Row
}

// holdsAuthz reports whether a folder under rules has such a file.
func (b *Bundle) holdsAuthz(folder string) bool {
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
// any. It has the built-in functions of our rules and a few more, and none of
// their strictness, since what is undefined does not allow. Only data must be
// there: `not data.banned[x]` allows without it.
func (b *Bundle) CompileAuthz() (*ast.Compiler, error) {
	if len(b.authz) == 0 {
		return nil, nil
	}
	builtins, err := builtins()
	if err != nil {
		return nil, err
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities(builtins.authz()))
	if compiler.Compile(b.authz); compiler.Failed() {
		return nil, placed(compiler.Errors)
	}
	if len(compiler.GetRulesExact(ast.MustParseRef(AuthzEntrypoint))) == 0 {
		for _, module := range b.authz {
			return nil, fmt.Errorf("%s: a policy of the package docker.authz needs a rule `allow`, which is what it is asked", module.Package.Location.File)
		}
	}
	var errs []error
	for _, file := range sortedKeys(b.authz) {
		for _, rule := range compiler.Modules[file].Rules {
			errs = append(errs, b.checkData(compiler, rule))
		}
	}
	return compiler, errors.Join(errs...)
}
