//go:build node

package main

import (
	"context"

	"github.com/spf13/cobra"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// What nodes with real pods need beside an API server. It takes minutes more to build, so only a whole cluster is built with it.
func init() {
	components["kube-controller-manager"] = controllers.NewControllerManagerCommand
	components["kube-proxy"] = proxy.NewProxyCommand
	components["kube-scheduler"] = func() *cobra.Command { return scheduler.NewSchedulerCommand() }
	components["kubelet"] = func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) }
}
