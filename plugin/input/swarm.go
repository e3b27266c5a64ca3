package input

import "github.com/moby/moby/api/types/swarm"

func newSwarm() *Swarm {
	return &Swarm{RemoteAddrs: []Text{}, ExternalCAs: []Text{}}
}

func describeSwarmInit(doc *Document, body any) {
	req, ok := body.(*swarm.InitRequest)
	if !ok {
		return
	}
	s := newSwarm()
	s.ListenAddr = Text{Value: req.ListenAddr, Field: "ListenAddr"}
	s.ForceNew = Flag{Value: req.ForceNewCluster, Field: "ForceNewCluster"}
	s.ExternalCAs = externalCAs(&req.Spec, "Spec.")
	doc.Swarm = s
}

func describeSwarmJoin(doc *Document, body any) {
	req, ok := body.(*swarm.JoinRequest)
	if !ok {
		return
	}
	s := newSwarm()
	s.ListenAddr = Text{Value: req.ListenAddr, Field: "ListenAddr"}
	s.RemoteAddrs = texts(req.RemoteAddrs, "RemoteAddrs")
	doc.Swarm = s
}

func describeSwarmUpdate(doc *Document, body any) {
	if req, ok := body.(*swarm.Spec); ok {
		s := newSwarm()
		s.ExternalCAs = externalCAs(req, "")
		doc.Swarm = s
	}
}

func externalCAs(spec *swarm.Spec, prefix string) []Text {
	list := []Text{}
	for i, ca := range spec.CAConfig.ExternalCAs {
		if ca != nil {
			list = append(list, Text{Value: ca.URL, Field: element(prefix+"CAConfig.ExternalCAs", i)})
		}
	}
	return list
}

func describeNode(doc *Document, body any) {
	if req, ok := body.(*swarm.NodeSpec); ok {
		doc.Node = &Node{
			Role:         Text{Value: string(req.Role), Field: "Role"},
			Availability: Text{Value: string(req.Availability), Field: "Availability"},
		}
		doc.Body = req
	}
}

func describeSecret(doc *Document, body any) {
	if req, ok := body.(*swarm.SecretSpec); ok {
		doc.Sensitive = newSensitive(req.Annotations, req.Driver, req.Templating)
		redacted := *req
		redacted.Data = nil
		doc.Body = redacted
	}
}

func describeConfig(doc *Document, body any) {
	if req, ok := body.(*swarm.ConfigSpec); ok {
		doc.Sensitive = newSensitive(req.Annotations, nil, req.Templating)
		redacted := *req
		redacted.Data = nil
		doc.Body = redacted
	}
}

// newSensitive keeps everything of a secret or config but its data.
func newSensitive(about swarm.Annotations, driver, templating *swarm.Driver) *Sensitive {
	s := &Sensitive{Name: about.Name, Labels: map[string]string{},
		Driver: Text{Field: "Driver.Name"}, Templating: Text{Field: "Templating.Name"}}
	if about.Labels != nil {
		s.Labels = about.Labels
	}
	if driver != nil {
		s.Driver.Value = driver.Name
	}
	if templating != nil {
		s.Templating.Value = templating.Name
	}
	return s
}
