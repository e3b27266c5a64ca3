package install

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// checkImage is made here and named like an image of Docker Hub's library, which is trusted unless the
// site's settings say otherwise.
const checkImage = "bulwark-install-check"

// makeImage makes the image to check with, while the engine does not ask Bulwark yet: Bulwark denies imports.
func (in *installation) makeImage(ctx context.Context) error {
	program := packProgram(in.files.program(), "bulwark")
	defer func() { _ = program.Close() }()
	if err := in.client.ImportImage(ctx, checkImage, program); err != nil {
		return err
	}
	in.back.add("image "+checkImage+" removed again", func(ctx context.Context) error { return in.client.RemoveImage(ctx, checkImage) })
	return nil
}

// verify is the proof, with real containers, that the engine asks Bulwark and does as it is told. The
// site's own settings may deny the harmless container or allow the privileged one; then that is told and
// no failure.
func (in *installation) verify(ctx context.Context) error {
	err := in.harmlessRuns(ctx)
	if err == nil {
		err = in.privilegedDenied(ctx)
	}
	if err != nil {
		return hint.Wrap(fmt.Errorf("verifying the installed plugin: %w", err),
			"the engine's log and /var/log/bulwark/decisions.jsonl tell what the plugin was asked and answered")
	}
	if err := in.client.RemoveImage(ctx, checkImage); err != nil {
		in.say("note: the image made for the check stays: %v", err)
	}
	return nil
}

func (in *installation) harmlessRuns(ctx context.Context) error {
	status, err := in.try(ctx, engine.HostConfig{
		NetworkMode: "none", ReadonlyRootfs: true, CapDrop: []string{"ALL"}, SecurityOpt: []string{"no-new-privileges"},
	})
	words, denied := engine.DeniedBy(err, in.plugin)
	switch {
	case denied && in.site != "":
		in.say("note: %s lets no check container run: %s", in.site, firstLine(words))
	case err != nil:
		return fmt.Errorf("a harmless container does not run: %w", err)
	case status != 0:
		return fmt.Errorf("a harmless container does not run: it ended with status %d", status)
	default:
		in.say("verified: a harmless container runs (user 65534, no network)")
	}
	return nil
}

func (in *installation) privilegedDenied(ctx context.Context) error {
	_, err := in.try(ctx, engine.HostConfig{NetworkMode: "none", Privileged: true})
	words, denied := engine.DeniedBy(err, in.plugin)
	switch {
	case denied && (strings.Contains(words, "privileged:") || in.site != ""):
		in.say("verified: a privileged container is denied: %s", firstLine(words))
	case err == nil && in.site != "":
		in.say("note: %s lets a privileged container run (mode: audit, or rule privileged is not enforced)", in.site)
	case err == nil:
		return errors.New("a privileged container was allowed")
	default:
		return fmt.Errorf("a privileged container was not denied by the rule privileged: %w", err)
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// try runs the check container and removes it again.
func (in *installation) try(ctx context.Context, how engine.HostConfig) (status int, err error) {
	id, err := in.client.CreateContainer(ctx, engine.Container{
		Image: checkImage, User: "65534:65534", Entrypoint: []string{"/bulwark"}, Cmd: []string{"version"}, HostConfig: how,
	})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, in.client.RemoveContainer(ctx, id)) }()
	return in.client.RunContainer(ctx, id)
}
