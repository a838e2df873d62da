package capture

import (
	"context"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"

	"cutover/generator/document"
)

// page is how many objects a request asks for. A server before 1.9 sends all at once.
const page = 500

// list gives the objects of one kind, page by page. A list that takes longer than the
// server keeps its past (five minutes in etcd) goes on where the server offers it, else
// begins anew without pages: its reader has to bear an object twice.
func list(ctx context.Context, from dynamic.ResourceInterface, kind served, add func(document.Document)) error {
	options := metav1.ListOptions{Limit: page, FieldSelector: selector(kind.kind)}
	for {
		objects, err := from.List(ctx, options)
		if apierrors.IsResourceExpired(err) && options.Continue != "" {
			options.Continue = goesOn(err)
			if options.Continue == "" {
				options.Limit = 0
			}
			continue
		}
		if err != nil {
			return err
		}
		for i := range objects.Items {
			root, err := document.FromAPI(objects.Items[i].Object)
			if err != nil {
				return fmt.Errorf("read %s %s: %w", kind.kind, objects.Items[i].GetName(), err)
			}
			add(document.Document{Root: root})
		}
		if options.Continue = objects.GetContinue(); options.Continue == "" {
			return nil
		}
	}
}

// goesOn gives the token by which an expired list goes on with what is there now.
func goesOn(err error) string {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Continue
	}
	return ""
}

// selector leaves out the Secrets that an inventory has no use for, so that their values
// are not even sent.
func selector(kind string) string {
	if kind != "Secret" {
		return ""
	}
	types := []string{"kubernetes.io/service-account-token", "kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson", "bootstrap.kubernetes.io/token", "helm.sh/release.v1"}
	return "type!=" + strings.Join(types, ",type!=")
}
