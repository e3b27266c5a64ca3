package policy

// Load compiles the rules under what a configuration folder holds. A folder
// that does not exist gives the built-in rules and the baseline profile; one
// with anything wrong in it gives an error that names each fault, its place
// and what to do.
func Load(dir string) (*Engine, error) {
	settings, err := LoadSettings(dir)
	if err != nil {
		return nil, err
	}
	return New(settings)
}
