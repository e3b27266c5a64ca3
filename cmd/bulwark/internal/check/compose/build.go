package compose

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// buildRequest is the building of a service's image. It has no name in it:
// BuildKit, with which compose builds, does not show the engine one.
func buildRequest(s types.ServiceConfig, files []file) Request {
	k := keysOf(files, "services", s.Name, buildKeys)
	hosts := s.Build.ExtraHosts.AsList(":")
	for i := range hosts {
		k.own[fmt.Sprintf("extrahosts[%d]", i)] = place.Path{"build", "extra_hosts"}
	}
	for i := range s.Build.CacheFrom {
		k.own[fmt.Sprintf("cachefrom[%d]", i)] = place.Path{"build", "cache_from", text(i, s.Build.CacheFrom)}
	}
	arguments := map[string]string{}
	for name := range s.Build.Args {
		arguments[name] = "" // values are not judged
	}
	query := url.Values{
		"buildargs": {inJSON(arguments)}, "cachefrom": {inJSON(s.Build.CacheFrom)}, "extrahosts": hosts,
		"networkmode": {s.Build.Network}, "remote": {remote(s.Build.Context)},
	}
	return Request{Subject: fmt.Sprintf("service %s, build", s.Name), Method: "POST", URI: "/build?" + query.Encode(), keys: k}
}

// remote is where the engine fetches what it builds, "" when it is sent that.
func remote(context string) string {
	if strings.Contains(context, "://") || strings.HasPrefix(context, "git@") || strings.HasPrefix(context, "github.com/") {
		return context
	}
	return ""
}

func inJSON(value any) string {
	text, _ := json.Marshal(value) // texts only, which never fail
	return string(text)
}
