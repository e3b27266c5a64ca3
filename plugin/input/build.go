package input

import "encoding/json"

// describeBuild fills a build from its query. A rule may deny on what is
// there, and must not allow on it: a form in the body overrides all of it
// (moby daemon/server/router/build/build_routes.go).
func describeBuild(doc *Document, _ any) {
	doc.Build = &Build{
		Remote:       doc.parameter("remote"),
		Network:      doc.parameter("networkmode"),
		CgroupParent: doc.parameter("cgroupparent"),
		Arguments:    sortedKeys(jsonParameter[map[string]*string](doc, "buildargs")),
		CacheFrom:    texts(jsonParameter[[]string](doc, "cachefrom"), "cachefrom"),
		ExtraHosts:   texts(doc.Query["extrahosts"], "extrahosts"),
		SecurityOpts: texts(doc.Query["securityopt"], "securityopt"),
		Outputs:      doc.parameter("outputs"),
		Session:      doc.parameter("session"),
	}
	for i, name := range doc.Query["t"] {
		doc.Images = append(doc.Images, parseName("build", name, element("t", i)))
	}
	for _, cache := range doc.Build.CacheFrom {
		doc.Images = append(doc.Images, parseImage("cache", cache.Value, cache.Field))
	}
}

// jsonParameter decodes a parameter that holds JSON, and is empty when it does
// not: the daemon ignores it or refuses the request then.
func jsonParameter[T any](doc *Document, name string) T {
	var value T
	_ = json.Unmarshal([]byte(doc.parameter(name).Value), &value)
	return value
}
