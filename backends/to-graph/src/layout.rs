//! Places boxes: frames inside out, in each frame ranks from top to bottom, and arrows through the gaps.
//!
//! The classic layered drawing: break cycles, rank by longest way, order each rank by the middle of its neighbours,
//! then move boxes towards their neighbours as far as the order allows. Everything is iterative and the number of
//! sweeps is fixed, so large machines cost time in proportion to their arrows.

use crate::picture::{Picture, Shape};

/// Where everything is. Positions of items and arrows are relative to their frame.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub(crate) items: Vec<Placed>,
    pub(crate) frames: Vec<FrameBox>,
}

/// An item's box: top left corner and size.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Placed {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// A frame's size, its place in its container, and the ways of its arrows.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameBox {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) ways: Vec<Way>,
}

/// The points an arrow goes through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    pub(crate) points: Vec<(f64, f64)>,
    /// It goes against the ranks, along the right side.
    pub(crate) back: bool,
}

const CHAR: f64 = 7.4;
const PAD: f64 = 16.0;
const GAP_X: f64 = 36.0;
const GAP_Y: f64 = 58.0;
pub(crate) const HEADER: f64 = 40.0;
/// Above this many helper points long arrows are drawn straight.
const MAX_HELPERS: usize = 50_000;
const SWEEPS: usize = 8;

pub(crate) fn place(picture: &Picture) -> Layout {
    let items = vec![Placed::default(); picture.items.len()];
    let mut layout = Layout { items, frames: vec![FrameBox::default(); picture.frames.len()] };
    // Inner frames come later in the list, so going backwards meets them first.
    for frame in (0..picture.frames.len()).rev() {
        for &item in &picture.frames[frame].items {
            size(picture, item, &mut layout);
        }
        FrameLayout::new(picture, frame, &layout).run(&mut layout);
    }
    layout
}

/// The size of an item, and the places of the frames inside it, side by side.
fn size(picture: &Picture, index: usize, layout: &mut Layout) {
    let item = &picture.items[index];
    let placed = &mut layout.items[index];
    if matches!(item.shape, Shape::Start | Shape::End) {
        (placed.width, placed.height) = (16.0, 16.0);
        return;
    }
    let longest = item.name.chars().count().max(item.kind.len());
    let (mut width, mut height) = (longest as f64 * CHAR + 2.0 * PAD, 44.0);
    if item.shape == Shape::Decision {
        (width, height) = (width + 36.0, 56.0);
    }
    if !item.frames.is_empty() {
        let mut x = PAD;
        let mut tallest: f64 = 0.0;
        for &frame in &item.frames {
            let inner = &mut layout.frames[frame];
            (inner.x, inner.y) = (x, HEADER);
            x += inner.width + PAD;
            tallest = tallest.max(inner.height);
        }
        width = width.max(x);
        height = HEADER + tallest + PAD;
    }
    (placed.width, placed.height) = (width, height);
}

/// One frame being laid out. Points are the frame's items and the helpers that long arrows pass.
struct FrameLayout<'p> {
    picture: &'p Picture,
    frame: usize,
    /// Size of each point.
    sizes: Vec<(f64, f64)>,
    rank: Vec<usize>,
    /// For each arrow: its points from the upper end to the lower.
    chains: Vec<Vec<usize>>,
    back: Vec<bool>,
    ranks: Vec<Vec<usize>>,
    x: Vec<f64>,
}

impl<'p> FrameLayout<'p> {
    fn new(picture: &'p Picture, frame: usize, layout: &Layout) -> Self {
        let items = &picture.frames[frame].items;
        let sizes: Vec<_> = items.iter().map(|&i| (layout.items[i].width, layout.items[i].height)).collect();
        let count = sizes.len();
        Self {
            picture,
            frame,
            sizes,
            rank: vec![0; count],
            chains: Vec::new(),
            back: Vec::new(),
            ranks: Vec::new(),
            x: Vec::new(),
        }
    }

    fn run(mut self, layout: &mut Layout) {
        let arrows = self.local_arrows();
        self.back = back_arrows(self.sizes.len(), &arrows);
        self.rank_points(&arrows);
        self.add_helpers(&arrows);
        self.order();
        self.spread();
        self.write(&arrows, layout);
    }

    /// The arrows by point number; arrows from a point to itself are left out of ranking.
    fn local_arrows(&self) -> Vec<(usize, usize)> {
        let items = &self.picture.frames[self.frame].items;
        let local: std::collections::HashMap<usize, usize> = items.iter().enumerate().map(|(l, &i)| (i, l)).collect();
        self.picture.frames[self.frame].arrows.iter().map(|a| (local[&a.from], local[&a.to])).collect()
    }

    fn rank_points(&mut self, arrows: &[(usize, usize)]) {
        let down: Vec<_> = arrows
            .iter()
            .zip(&self.back)
            .filter(|((from, to), _)| from != to)
            .map(|(&(from, to), &back)| if back { (to, from) } else { (from, to) })
            .collect();
        let mut waiting = vec![0; self.sizes.len()];
        let mut outs = vec![Vec::new(); self.sizes.len()];
        for &(from, to) in &down {
            waiting[to] += 1;
            outs[from].push(to);
        }
        let mut ready: Vec<usize> = (0..self.sizes.len()).filter(|&p| waiting[p] == 0).collect();
        while let Some(point) = ready.pop() {
            for &next in &outs[point] {
                self.rank[next] = self.rank[next].max(self.rank[point] + 1);
                waiting[next] -= 1;
                if waiting[next] == 0 {
                    ready.push(next);
                }
            }
        }
    }

    fn add_helpers(&mut self, arrows: &[(usize, usize)]) {
        let span = |&(from, to): &(usize, usize)| self.rank[from].abs_diff(self.rank[to]).saturating_sub(1);
        let helpers: usize = arrows.iter().map(span).sum();
        for (&(from, to), &back) in arrows.iter().zip(&self.back) {
            let mut chain = vec![from];
            if !back && helpers <= MAX_HELPERS {
                for rank in self.rank[from] + 1..self.rank[to] {
                    self.sizes.push((6.0, 0.0));
                    self.rank.push(rank);
                    chain.push(self.sizes.len() - 1);
                }
            }
            chain.push(to);
            self.chains.push(chain);
        }
        let last = self.rank.iter().max().map_or(0, |r| r + 1);
        self.ranks = vec![Vec::new(); last];
        for (point, &rank) in self.rank.iter().enumerate() {
            self.ranks[rank].push(point);
        }
    }

    /// Neighbours of each point on the rank above and on the rank below.
    fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut above = vec![Vec::new(); self.sizes.len()];
        let mut below = vec![Vec::new(); self.sizes.len()];
        for (chain, _) in self.chains.iter().zip(&self.back).filter(|(_, back)| !**back) {
            for pair in chain.windows(2) {
                below[pair[0]].push(pair[1]);
                above[pair[1]].push(pair[0]);
            }
        }
        (above, below)
    }

    fn order(&mut self) {
        let (above, below) = self.neighbours();
        let mut place = vec![0.0; self.sizes.len()];
        let note =
            |rank: &[usize], place: &mut Vec<f64>| rank.iter().enumerate().for_each(|(i, &p)| place[p] = i as f64);
        self.ranks.iter().for_each(|rank| note(rank, &mut place));
        for sweep in 0..SWEEPS {
            let sides = if sweep % 2 == 0 { &above } else { &below };
            let count = self.ranks.len();
            for step in 0..count {
                let rank = if sweep % 2 == 0 { step } else { count - 1 - step };
                let middle = |p: usize| mean(sides[p].iter().map(|&n| place[n])).unwrap_or(place[p]);
                let mut keyed: Vec<_> = self.ranks[rank].iter().map(|&p| (middle(p), p)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.ranks[rank] = keyed.into_iter().map(|(_, p)| p).collect();
                note(&self.ranks[rank], &mut place);
            }
        }
    }

    /// Gives every point its middle: towards its neighbours, as far as the order of its rank allows.
    fn spread(&mut self) {
        let (above, below) = self.neighbours();
        self.x = vec![0.0; self.sizes.len()];
        for rank in &self.ranks {
            let mut at = 0.0;
            for &point in rank {
                self.x[point] = at + self.sizes[point].0 / 2.0;
                at += self.sizes[point].0 + GAP_X;
            }
        }
        for sweep in 0..2 * SWEEPS {
            let sides = if sweep % 2 == 0 { &above } else { &below };
            for index in 0..self.ranks.len() {
                let rank = if sweep % 2 == 0 { index } else { self.ranks.len() - 1 - index };
                self.pull(rank, sides);
            }
        }
        let left = (0..self.x.len()).map(|p| self.x[p] - self.sizes[p].0 / 2.0).fold(f64::INFINITY, f64::min);
        self.x.iter_mut().for_each(|x| *x += PAD - left);
    }

    fn pull(&mut self, rank: usize, sides: &[Vec<usize>]) {
        let points = &self.ranks[rank];
        let want: Vec<f64> =
            points.iter().map(|&p| mean(sides[p].iter().map(|&n| self.x[n])).unwrap_or(self.x[p])).collect();
        let apart = |a: usize, b: usize| (self.sizes[a].0 + self.sizes[b].0) / 2.0 + GAP_X;
        let mut from_left = want.clone();
        for i in 1..points.len() {
            from_left[i] = from_left[i].max(from_left[i - 1] + apart(points[i - 1], points[i]));
        }
        let mut from_right = want;
        for i in (1..points.len()).rev() {
            from_right[i - 1] = from_right[i - 1].min(from_right[i] - apart(points[i - 1], points[i]));
        }
        // Both keep the distances, so their mean does too.
        for (i, &point) in points.iter().enumerate() {
            self.x[point] = (from_left[i] + from_right[i]) / 2.0;
        }
    }

    fn write(self, arrows: &[(usize, usize)], layout: &mut Layout) {
        let mut y = PAD;
        let mut middle = vec![0.0; self.sizes.len()];
        for rank in &self.ranks {
            let tallest = rank.iter().map(|&p| self.sizes[p].1).fold(16.0, f64::max);
            rank.iter().for_each(|&p| middle[p] = y + tallest / 2.0);
            y += tallest + GAP_Y;
        }
        let right = (0..self.x.len()).map(|p| self.x[p] + self.sizes[p].0 / 2.0).fold(0.0, f64::max);
        let mut lane = right + GAP_X / 2.0;
        let mut ways = Vec::new();
        for (index, &(from, to)) in arrows.iter().enumerate() {
            let edge = |p: usize, below: bool| {
                let half = self.sizes[p].1 / 2.0;
                (self.x[p], if below { middle[p] + half } else { middle[p] - half })
            };
            if self.back[index] {
                let side = |p: usize| (self.x[p] + self.sizes[p].0 / 2.0, middle[p]);
                ways.push(Way {
                    points: vec![side(from), (lane, middle[from]), (lane, middle[to]), side(to)],
                    back: true,
                });
                lane += 10.0;
                continue;
            }
            let mut points = vec![edge(from, true)];
            let chain = &self.chains[index];
            points.extend(chain[1..chain.len() - 1].iter().map(|&p| (self.x[p], middle[p])));
            points.push(edge(to, false));
            ways.push(Way { points, back: false });
        }
        let items = &self.picture.frames[self.frame].items;
        for (local, &item) in items.iter().enumerate() {
            let (width, height) = self.sizes[local];
            let placed = &mut layout.items[item];
            (placed.x, placed.y) = (self.x[local] - width / 2.0, middle[local] - height / 2.0);
        }
        let frame = &mut layout.frames[self.frame];
        frame.width = if self.back.contains(&true) { lane } else { right } + PAD;
        frame.height = (y - GAP_Y + PAD).max(2.0 * PAD);
        frame.ways = ways;
    }
}

/// Which arrows lead back to a point that is still being visited.
fn back_arrows(count: usize, arrows: &[(usize, usize)]) -> Vec<bool> {
    let mut outs = vec![Vec::new(); count];
    for (index, &(from, to)) in arrows.iter().enumerate() {
        outs[from].push((index, to));
    }
    let mut back = vec![false; arrows.len()];
    let mut state = vec![0u8; count];
    for start in 0..count {
        let mut stack = vec![(start, 0)];
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        while let Some((point, next)) = stack.last_mut() {
            match outs[*point].get(*next) {
                None => {
                    state[*point] = 2;
                    stack.pop();
                }
                Some(&(index, to)) => {
                    *next += 1;
                    match state[to] {
                        0 => {
                            state[to] = 1;
                            stack.push((to, 0));
                        }
                        1 => back[index] = true,
                        _ => {}
                    }
                }
            }
        }
    }
    back
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
