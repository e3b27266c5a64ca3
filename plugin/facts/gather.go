package facts

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// gatherTimeout bounds all look-ups for one request together.
const gatherTimeout = 1800 * time.Millisecond

// Gatherer completes documents with what the request does not say.
type Gatherer struct {
	engine *Engine // nil: the engine is not asked
	host   Host
	own    string // the id that the engine runs this process under, "" if it is no plugin
}

// NewGatherer looks things up in an engine, nil for none, and on a host.
func NewGatherer(engine *Engine, host Host) *Gatherer {
	return &Gatherer{engine: engine, host: host, own: ownID()}
}

// Own reports whether a request is a question of this process to the engine.
// Nobody else knows the token, and it opens nothing but reading.
func (g *Gatherer) Own(method string, headers map[string]string) bool {
	if g == nil || g.engine == nil || method != http.MethodGet && method != http.MethodHead {
		return false
	}
	return g.engine.own(headers[TokenHeader])
}

// entering are the operations that act in a container, or read from it, with
// the powers that it has, or give its name to another one.
var entering = map[string]bool{
	"ContainerExec": true, "ContainerAttach": true, "ContainerAttachWebsocket": true, "ContainerArchive": true,
	"PutContainerArchive": true, "ContainerRename": true,
}

// changingPlugins are the operations that could be about Bulwark itself.
var changingPlugins = map[string]bool{"PluginDisable": true, "PluginDelete": true, "PluginUpgrade": true, "PluginSet": true}

// Gather adds to a document what it asks for and no more; a request that only
// reads asks for nothing. What cannot be looked up is unknown, with a reason.
// A nil Gatherer looks nothing up.
func (g *Gatherer) Gather(ctx context.Context, doc *input.Document) {
	if g == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, gatherTimeout)
	defer cancel()
	if g.engine != nil {
		g.askAbout(ctx, doc)
	}
	g.host.resolve(doc)
	if doc.Container != nil {
		doc.Facts.Host = g.host.fact()
	}
}

func (g *Gatherer) askAbout(ctx context.Context, doc *input.Document) {
	var round questions
	var target containerAnswer // the container that is started or entered
	if doc.Starting {
		target = g.restate(ctx, doc)
	}
	if entering[doc.Operation] {
		round.add(func() func() { return g.container(ctx, doc, doc.Object, &target) })
	}
	if changingPlugins[doc.Operation] {
		round.add(func() func() { return g.plugin(ctx, doc, doc.Object) })
	}
	if doc.Node != nil {
		round.add(func() func() { return g.node(ctx, doc, doc.Object) })
	}
	g.addNamed(ctx, doc, &round, target.Image)
	round.ask()
	g.askUser(ctx, doc, target)
}

// addNamed adds what there is to ask about the objects that a request names.
func (g *Gatherer) addNamed(ctx context.Context, doc *input.Document, round *questions, imageID string) {
	images, rest := few(imageNames(doc))
	for _, name := range images {
		round.add(func() func() { return g.image(ctx, doc, name, imageIDFor(doc, name, imageID)) })
	}
	for _, name := range rest {
		doc.Facts.Images[name] = input.ImageFact{State: input.Unknown, Reason: tooMany, Labels: map[string]string{}}
	}
	fields := volumeFields(doc)
	volumes, rest := few(slices.Collect(maps.Keys(fields)))
	for _, name := range volumes {
		round.add(func() func() { return g.volume(ctx, doc, name, fields[name]) })
	}
	for _, name := range rest {
		doc.Facts.Volumes[name] = input.VolumeFact{State: input.Unknown, Reason: tooMany}
	}
	networks, rest := few(networkNames(doc))
	for _, name := range networks {
		round.add(func() func() { return g.network(ctx, doc, name) })
	}
	for _, name := range rest {
		doc.Facts.Networks[name] = input.NetworkFact{State: input.Unknown, Reason: tooMany}
	}
	containers, rest := few(joinedContainers(doc))
	for _, name := range containers {
		round.add(func() func() { return g.container(ctx, doc, name, new(containerAnswer)) })
	}
	for _, name := range rest {
		doc.Facts.Containers[name] = unknownContainer(tooMany)
	}
	if doc.Container != nil {
		for _, from := range doc.Container.VolumesFrom[:min(mostNames, len(doc.Container.VolumesFrom))] {
			round.add(func() func() { return g.volumesFrom(ctx, doc, from) })
		}
	}
}

// questions are asked side by side; each returns what is to be written into
// the document, which is done one after the other.
type questions struct{ list []func() func() }

func (q *questions) add(ask func() func()) { q.list = append(q.list, ask) }

func (q *questions) ask() {
	writes := make([]func(), len(q.list))
	var all sync.WaitGroup
	for i, ask := range q.list {
		all.Go(func() { writes[i] = ask() })
	}
	all.Wait()
	for _, write := range writes {
		write()
	}
}
