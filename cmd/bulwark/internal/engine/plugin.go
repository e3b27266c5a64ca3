package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// Plugin is what an engine tells about a managed plugin.
type Plugin struct {
	ID       string `json:"Id"`
	Enabled  bool
	Config   json.RawMessage // its config.json
	Settings settings
}

// settings are the values in force: variables as NAME=VALUE, and mounts.
type settings struct {
	Env    []string
	Mounts []mount
}

// defaults is the part of a config.json that can be set.
type defaults struct {
	Env    []variable
	Mounts []mount
}

type variable struct {
	Name  string
	Value *string
}

type mount struct {
	Name   string
	Source *string
}

// Changed lists what was set to something other than the default, in the form that SetPlugin takes, as far
// as the plugin with the config.json given can be set so. The engine shows the mount sources of this
// plugin's own config.json as they were set, so those are compared with the given one.
func (p *Plugin) Changed(config []byte) ([]string, error) {
	var own, next defaults
	if err := errors.Join(json.Unmarshal(p.Config, &own), json.Unmarshal(config, &next)); err != nil {
		return nil, fmt.Errorf("reading the plugin's config.json: %w", err)
	}
	var changed []string
	for _, env := range next.Env {
		set := env.Name + "=" + p.Env(env.Name)
		if slices.Contains(p.Settings.Env, set) && !slices.ContainsFunc(own.Env, func(e variable) bool { return e.setting() == set }) {
			changed = append(changed, set)
		}
	}
	for _, unset := range next.Mounts {
		for _, set := range p.Settings.Mounts {
			if set.Name == unset.Name && set.setting() != unset.setting() {
				changed = append(changed, set.setting())
			}
		}
	}
	return changed, nil
}

func (v variable) setting() string { return v.Name + "=" + deref(v.Value) }
func (m mount) setting() string    { return m.Name + ".source=" + deref(m.Source) }

// Env returns the value in force of a variable, or "".
func (p *Plugin) Env(name string) string {
	for _, set := range p.Settings.Env {
		if value, ok := strings.CutPrefix(set, name+"="); ok {
			return value
		}
	}
	return ""
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// InspectPlugin returns the plugin, or nil where the engine has none of that name.
func (c *Client) InspectPlugin(ctx context.Context, name string) (*Plugin, error) {
	var plugin Plugin
	err := c.call(ctx, "GET", pluginPath(name, "/json"), nil, &plugin)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for plugin %s: %w", name, err)
	}
	return &plugin, nil
}

// CreatePlugin creates a plugin from a tar with config.json and rootfs/.
func (c *Client) CreatePlugin(ctx context.Context, name string, tar io.Reader) error {
	if err := c.call(ctx, "POST", "/plugins/create?name="+url.QueryEscape(name), tar, nil); err != nil {
		return fmt.Errorf("creating plugin %s: %w", name, err)
	}
	return nil
}

// SetPlugin changes settings of a plugin that is not enabled: NAME=VALUE, or MOUNT.source=PATH.
func (c *Client) SetPlugin(ctx context.Context, name string, settings []string) error {
	if err := c.call(ctx, "POST", pluginPath(name, "/set"), settings, nil); err != nil {
		return fmt.Errorf("setting %q of plugin %s: %w", settings, name, err)
	}
	return nil
}

// EnablePlugin starts a plugin.
func (c *Client) EnablePlugin(ctx context.Context, name string) error {
	if err := c.call(ctx, "POST", pluginPath(name, "/enable?timeout=30"), nil, nil); err != nil {
		return fmt.Errorf("enabling plugin %s: %w", name, err)
	}
	return nil
}

// RemovePlugin stops a plugin and removes it.
func (c *Client) RemovePlugin(ctx context.Context, name string) error {
	if err := c.call(ctx, "DELETE", pluginPath(name, "?force=1"), nil, nil); err != nil {
		return fmt.Errorf("removing plugin %s: %w", name, err)
	}
	return nil
}

func pluginPath(name, rest string) string { return "/plugins/" + url.PathEscape(name) + rest }
