package policies

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// RunTests runs the tests in modules, one after the other and in the order of
// their places, compiled as strictly as rules are. run is a pattern for names
// such as data.rules.root_user_test.test_deny, "" for all; trace may be nil.
// The error says that the modules do not compile.
func RunTests(ctx context.Context, modules map[string]*ast.Module, data map[string]any, run string, trace topdown.QueryTracer) ([]*tester.Result, error) {
	compiler, err := newCompiler()
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromObject(data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	runner := tester.NewRunner().SetCompiler(compiler).SetStore(store).SetModules(modules).RaiseBuiltinErrors(true).Filter(run).SetParallel(1)
	if trace != nil {
		runner = runner.SetCoverageQueryTracer(trace)
	}
	channel, err := runner.RunTests(ctx, txn)
	if err != nil {
		return nil, placed(err)
	}
	var results []*tester.Result
	for result := range channel {
		results = append(results, result)
	}
	slices.SortFunc(results, func(a, b *tester.Result) int { return a.Location.Compare(b.Location) })
	return results, nil
}

// TestTracer gathers coverage, and every input that a rule was evaluated with.
type TestTracer struct {
	*cover.Cover
	lock   sync.Mutex
	test   *ast.Rule // that is running
	inputs map[string]testInput
}

// testInput is an input and the first test that has it.
type testInput struct {
	value ast.Value
	test  *ast.Rule
}

// NewTestTracer has gathered nothing.
func NewTestTracer() *TestTracer {
	return &TestTracer{Cover: cover.New(), inputs: map[string]testInput{}}
}

// TraceEvent follows one step of a test.
func (t *TestTracer) TraceEvent(event topdown.Event) {
	t.Cover.TraceEvent(event)
	if event.Op != topdown.EnterOp {
		return
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	if rule, ok := event.Node.(*ast.Rule); ok && strings.HasPrefix(testName(rule), "test_") {
		t.test = rule
	}
	if made := event.Input(); made != nil && t.inputs[made.String()].test == nil {
		t.inputs[made.String()] = testInput{made.Value, t.test}
	}
}

func testName(rule *ast.Rule) string { return string(rule.Head.Ref()[0].Value.(ast.Var)) }

// CheckInputs keeps a test from inventing a field: each input that a test makes
// up must decode into what document makes, which requests are decoded into. It
// says how many inputs there were, and has an error for each thing that is
// wrong, with the first test that has it.
func (t *TestTracer) CheckInputs(document func() any) (int, []error) {
	texts := slices.SortedFunc(maps.Keys(t.inputs), func(a, b string) int {
		return cmp.Or(t.inputs[a].test.Location.Compare(t.inputs[b].test.Location), strings.Compare(a, b))
	})
	var errs []error
	said := map[string]bool{}
	for _, text := range texts {
		err := decodeInput(t.inputs[text].value, document())
		if err == nil || said[wrongInput(err)] {
			continue
		}
		said[wrongInput(err)] = true
		test := t.inputs[text].test
		errs = append(errs, fmt.Errorf("%s: %s uses an input that no request has: %s\n%s", place(test.Location), testName(test), wrongInput(err), text))
	}
	return len(t.inputs), errs
}

// wrongInput says what the decoder does not take.
func wrongInput(err error) string {
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return "there is no " + name
	}
	if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
		return fmt.Sprintf("%s cannot be %s", wrong.Field, wrong.Value)
	}
	return err.Error()
}

func decodeInput(value ast.Value, into any) error {
	generic, err := ast.JSON(value)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(generic)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// WithTests are the modules of the bundle with the tests of the site, by file.
// The bundle must have the site, and compile.
func (b *Bundle) WithTests(site Site) (map[string]*ast.Module, error) {
	modules, err := b.modules()
	if err != nil {
		return nil, err
	}
	all := *b
	all.site = maps.Clone(b.site)
	var errs []error
	for _, dir := range []string{"rules", "lib"} {
		err := fs.WalkDir(site.Files, dir, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && file == dir:
				return fs.SkipDir
			case err != nil:
				return fmt.Errorf("listing the tests in %s: %w", site.Dir, err)
			case entry.IsDir(), !strings.HasSuffix(file, "_test.rego"):
				return nil
			}
			module, err := parseTest(site, file)
			if module != nil {
				all.site[module.Package.Location.File] = module
			}
			errs = append(errs, err)
			return nil
		})
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	compiler, err := newCompiler()
	if err != nil {
		return nil, err
	}
	maps.Copy(modules, all.site)
	if compiler.Compile(modules); compiler.Failed() {
		return nil, placed(compiler.Errors)
	}
	return modules, all.checkSite(compiler)
}

// parseTest returns nil for what belongs to a policy for opa-docker-authz.
func parseTest(site Site, file string) (*ast.Module, error) {
	name := path.Join(site.Dir, file)
	text, err := fs.ReadFile(site.Files, file)
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", name, err)
	case isAuthz(text):
		return nil, nil
	case len(bytes.TrimSpace(text)) == 0:
		return nil, fmt.Errorf("%s: the file is empty; write a test into it, or remove it", name)
	}
	module, err := ast.ParseModuleWithOpts(name, string(text), ParserOptions())
	if err != nil {
		return nil, placed(err)
	}
	if rule := strings.ReplaceAll(path.Join("custom", path.Dir(file)), "/", "."); !strings.HasPrefix(strings.Join(packagePath(module), "."), rule) {
		return nil, fmt.Errorf("%s: the package must be %s_test, after its folder", place(module.Package.Location), rule)
	}
	return module, nil
}
