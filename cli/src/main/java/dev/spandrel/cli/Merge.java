package dev.spandrel.cli;

import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;
import dev.spandrel.contract.v1.PolicyList;
import dev.spandrel.contract.v1.ProbeFigures;
import dev.spandrel.contract.v1.ProbeSetState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One answer of those of all replicas: each knows all policies and pods, and its own agents. Pure. */
final class Merge {
    private Merge() {}

    /** That of the replica which the pod's node is connected to. */
    static Explanation explanations(List<Explanation> answers) {
        return answers.stream()
                .filter(answer -> isConnected(answer.getNode()))
                .findFirst()
                .orElseGet(answers::getFirst);
    }

    static NodeList nodes(List<NodeList> answers) {
        SortedMap<String, Node> nodes = new TreeMap<>();
        answers.stream()
                .flatMap(answer -> answer.getNodesList().stream())
                .forEach(node -> nodes.merge(node.getName(), node, Merge::better));
        return NodeList.newBuilder().addAllNodes(nodes.values()).build();
    }

    /** A stream that broke unnoticed may still be there at another replica: the later one is the agent's. */
    private static Node better(Node one, Node other) {
        return one.getConnectedSince().compareTo(other.getConnectedSince()) >= 0 ? one : other;
    }

    static PolicyList policies(List<PolicyList> answers) {
        SortedMap<String, dev.spandrel.contract.v1.PolicyState> policies = new TreeMap<>();
        answers.stream()
                .flatMap(answer -> answer.getPoliciesList().stream())
                .forEach(policy -> policies.merge(policy.getNamespace() + "/" + policy.getName(), policy, Merge::sum));
        SortedMap<String, ProbeSetState> sets = new TreeMap<>();
        answers.stream()
                .flatMap(answer -> answer.getProbeSetsList().stream())
                .forEach(set -> sets.merge(set.getNamespace() + "/" + set.getName(), set, Merge::sum));
        return PolicyList.newBuilder()
                .addAllPolicies(policies.values())
                .addAllProbeSets(sets.values())
                .build();
    }

    private static ProbeSetState sum(ProbeSetState one, ProbeSetState other) {
        SortedMap<String, ProbeFigures> probes = new TreeMap<>();
        Stream.concat(one.getProbesList().stream(), other.getProbesList().stream())
                .forEach(probe -> probes.merge(probe.getName(), probe, Merge::sum));
        return one.toBuilder()
                .setAttached(one.getAttached() + other.getAttached())
                .setRefused(one.getRefused() + other.getRefused())
                .setStopped(one.getStopped() + other.getStopped())
                .clearProblems()
                .addAllProblems(Stream.concat(one.getProblemsList().stream(), other.getProblemsList().stream())
                        .distinct()
                        .toList())
                .clearProbes()
                .addAllProbes(probes.values())
                .build();
    }

    private static ProbeFigures sum(ProbeFigures one, ProbeFigures other) {
        return one.toBuilder()
                .setEvents(one.getEvents() + other.getEvents())
                .setLost(one.getLost() + other.getLost())
                .setCpuMillionths(Math.max(one.getCpuMillionths(), other.getCpuMillionths()))
                .setCpuMeasured(one.getCpuMeasured() || other.getCpuMeasured())
                .build();
    }

    private static dev.spandrel.contract.v1.PolicyState sum(
            dev.spandrel.contract.v1.PolicyState one, dev.spandrel.contract.v1.PolicyState other) {
        SortedMap<String, Long> lost = new TreeMap<>(one.getLostMap());
        other.getLostMap().forEach((reason, count) -> lost.merge(reason, count, Long::sum));
        // One may be a moment behind: the newer generation is described, the nodes of both are counted.
        return List.of(one, other).stream()
                .max(Comparator.comparingLong(dev.spandrel.contract.v1.PolicyState::getGeneration))
                .orElseThrow()
                .toBuilder()
                .setProgrammed(one.getProgrammed() + other.getProgrammed())
                .setRejected(one.getRejected() + other.getRejected())
                .setDrifted(one.getDrifted() + other.getDrifted())
                .clearLost()
                .putAllLost(Map.copyOf(lost))
                .build();
    }

    private static boolean isConnected(Node node) {
        return !node.getConnectedSince().isEmpty();
    }
}
