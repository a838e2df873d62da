package parity

import (
	"cmp"
	"fmt"

	"cutover/generator/plan"
	"cutover/generator/strimzi/v1beta2"
)

// users compares every user of either cluster. The mirror's own user on the target is the
// one that the plan makes.
func (r *Report) users(p *plan.Plan) {
	overrides := newUserOverrides(p.Migration.Users.Overrides)
	left := reasons(p.LeftUsers)
	known, moving := make(map[string]v1beta2.KafkaUserSpec), make(map[string]v1beta2.KafkaUserSpec)
	for _, user := range p.Inventory.Users {
		known[user.Name] = user.Spec
	}
	for _, user := range p.Users {
		moving[user.Name] = user.Spec
	}
	if p.Mirror.User != "" {
		moving[p.Mirror.User] = p.TargetMirrorUser().Spec
	}
	for _, name := range names(known, moving) {
		source, onSource := known[name]
		target, onTarget := moving[name]
		row := Row{What: User, Object: name, Field: existence, Source: present(onSource), Target: present(onTarget)}
		why := func(path ...string) cause {
			switch {
			case name == p.Mirror.User:
				return cause{"the mirror's own user, which phase 060 makes", true}
			case path[0] == existence:
				return stays(left, name)
			}
			return overrides.spec(name, path...)
		}
		r.add(row, func() cause { return why(existence) })
		if onSource && onTarget {
			r.user(name, source, target, why)
		}
	}
}

// user compares two specs field by field, and the ACLs as sets.
func (r *Report) user(name string, source, target v1beta2.KafkaUserSpec, why func(path ...string) cause) {
	add := func(field string, was, is Value, path ...string) {
		r.add(Row{User, name, field, was, is, false, "", false}, func() cause { return why(path...) })
	}
	add("authentication.type", authentication(source), authentication(target), "authentication", "type")
	add("authorization.type", authorization(source), authorization(target), "authorization", "type")
	was, is := acls(source), acls(target)
	for _, rule := range names(was, is) {
		add("authorization.acls: "+rule, lookup(was, rule), lookup(is, rule), "authorization", "acls")
	}
	for _, quota := range quotas() {
		before, after := quota.of(source), quota.of(target)
		if before.set || after.set {
			add("quotas."+quota.name, before, after, "quotas", quota.name)
		}
	}
	if source.Template != nil || target.Template != nil {
		add("template", template(source), template(target), "template")
	}
}

func authentication(spec v1beta2.KafkaUserSpec) Value {
	if spec.Authentication == nil {
		return Value{}
	}
	return Text(spec.Authentication.Type)
}

func authorization(spec v1beta2.KafkaUserSpec) Value {
	if spec.Authorization == nil {
		return Value{}
	}
	return Text(spec.Authorization.Type)
}

func template(spec v1beta2.KafkaUserSpec) Value {
	if spec.Template == nil {
		return Value{}
	}
	return valueOf(spec.Template)
}

// acls gives a spec's rules as a set of sentences, with Strimzi's defaults filled in, so that
// order, repetition and spelled-out defaults make no difference.
func acls(spec v1beta2.KafkaUserSpec) map[string]string {
	if spec.Authorization == nil {
		return nil
	}
	rules := make(map[string]string, len(spec.Authorization.ACLs))
	for _, acl := range spec.Authorization.ACLs {
		resource := acl.Resource.Type
		if resource != "cluster" {
			resource += fmt.Sprintf(" %s (%s)", acl.Resource.Name, cmp.Or(acl.Resource.PatternType, "literal"))
		}
		rules[fmt.Sprintf("%s %s on %s from %s", cmp.Or(acl.Type, "allow"), acl.Operation, resource, cmp.Or(acl.Host, "*"))] = "present"
	}
	return rules
}

// quota is one of a user's quotas.
type quota struct {
	name string
	of   func(v1beta2.KafkaUserSpec) Value
}

func quotas() []quota {
	bound := func(name string, of func(v1beta2.KafkaUserQuotas) *int64) quota {
		return quota{name, func(spec v1beta2.KafkaUserSpec) Value {
			if spec.Quotas == nil || of(*spec.Quotas) == nil {
				return Value{}
			}
			return valueOf(*of(*spec.Quotas))
		}}
	}
	return []quota{
		bound("producerByteRate", func(q v1beta2.KafkaUserQuotas) *int64 { return q.ProducerByteRate }),
		bound("consumerByteRate", func(q v1beta2.KafkaUserQuotas) *int64 { return q.ConsumerByteRate }),
		bound("requestPercentage", func(q v1beta2.KafkaUserQuotas) *int64 { return q.RequestPercentage }),
		{"controllerMutationRate", func(spec v1beta2.KafkaUserSpec) Value {
			if spec.Quotas == nil || spec.Quotas.ControllerMutationRate == nil {
				return Value{}
			}
			return valueOf(*spec.Quotas.ControllerMutationRate)
		}},
	}
}
